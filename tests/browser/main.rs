//! The page in a browser: what people see and press. Where there is no Chromium with chromedriver
//! the checks say so and pass, unless `CLVCAST_BROWSER=required` is set.

mod driver;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use driver::Browser;
use serde_json::Value;

/// The page of Superstore, made by the program, once for all checks.
fn page() -> &'static Path {
    static PAGE: OnceLock<PathBuf> = OnceLock::new();
    PAGE.get_or_init(|| {
        let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("superstore.html");
        let status = Command::new(env!("CARGO_BIN_EXE_clvcast"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["report", "data/superstore.csv", "--quiet", "-o"])
            .arg(&page)
            .status()
            .unwrap();
        assert!(status.success());
        page
    })
}

/// The page in a browser.
fn opened(check: &str) -> Option<Browser> {
    let browser = Browser::start(check)?;
    browser.open(page());
    Some(browser)
}

/// A list of numbers.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect()
}

#[test]
fn nothing_is_complained_of() {
    let Some(browser) = opened("the console of the page") else { return };
    assert_eq!(browser.run("return document.readyState"), "complete");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    // The check can fail: the page may load nothing, and trying is complained of.
    browser.run("new Image().src = 'https://example.invalid/'; return 0");
    assert!(!browser.complaints().is_empty());
}

#[test]
fn the_table_of_customers_sorts() {
    let Some(browser) = opened("sorting") else { return };
    // The last column of numbers: the forecast.
    let mark = "const heads = [...document.querySelectorAll('#top thead th')];
        const at = heads.findLastIndex((head) => head.classList.contains('n'));
        heads[at].id = 'by-value'; heads[0].id = 'by-name'; return at;";
    let at = browser.run(mark);
    let values = |browser: &Browser| {
        let all = format!(
            "return [...document.querySelectorAll('#top tbody tr')].map((row) => Number(row.cells[{at}].dataset.v))"
        );
        numbers(&browser.run(&all))
    };
    let descending = values(&browser);
    assert!(descending.len() == 793 && descending.is_sorted_by(|a, b| a >= b));
    browser.click("#by-value button");
    browser.click("#by-value button");
    assert!(values(&browser).is_sorted());
    assert_eq!(browser.run("return document.querySelector('#by-value').ariaSort"), "ascending");
    browser.click("#by-name button");
    let names = browser.run(
        "return [...document.querySelectorAll('#top tbody th')].map((cell) => cell.textContent)",
    );
    // Capital and small letters are alike.
    let names = names.as_array().unwrap().iter();
    let names: Vec<String> = names.map(|name| name.as_str().unwrap().to_uppercase()).collect();
    assert_eq!(names.len(), 793);
    assert!(names.is_sorted(), "{:?}", &names[..5]);
    let sorted = "return [...document.querySelectorAll('#top [aria-sort]')].map((head) => head.id)";
    assert_eq!(browser.run(sorted), serde_json::json!(["by-name"]));
    // All customers together stay below.
    assert!(
        browser.run("return document.querySelector('#top tfoot').rows.length").as_u64() >= Some(1)
    );
    // It takes no time that is felt.
    let took = "const from = performance.now(); document.querySelector('#by-value button').click();
        document.body.offsetHeight; return performance.now() - from;";
    assert!(browser.run(took).as_f64().unwrap() < 500.0);
}

#[test]
fn the_table_of_customers_is_searched_and_paged() {
    let Some(browser) = opened("searching") else { return };
    let seen = |browser: &Browser| {
        browser.run("return [...document.querySelectorAll('#top tbody tr')].filter((row) => row.getClientRects().length).length")
    };
    let told = |browser: &Browser| {
        browser.run("return document.querySelector('#top [aria-live]').textContent")
    };
    assert_eq!((seen(&browser), told(&browser)), (25.into(), "793 of 793 customers listed".into()));
    browser.fill("#top input", "tc-20980");
    assert_eq!((seen(&browser), told(&browser)), (1.into(), "1 of 793 customers listed".into()));
    browser.fill("#top input", "nobody of that name");
    assert_eq!((seen(&browser), told(&browser)), (0.into(), "0 of 793 customers listed".into()));
    browser.fill("#top input", "");
    browser.press("\u{e007}");
    browser.run("document.querySelector('#top input').dispatchEvent(new Event('input')); return 0");
    assert_eq!(seen(&browser), 25);
    browser.click("#top .more");
    assert_eq!(seen(&browser), 793);
    browser.click("#top .more");
    assert_eq!(seen(&browser), 25);
}

#[test]
fn the_page_fits_every_width_and_is_not_blank() {
    let Some(browser) = opened("widths and screenshots") else { return };
    for (width, name) in [(1280, "desktop"), (390, "phone"), (360, "narrow")] {
        browser.resize(width, 844);
        let widest = browser.run("return document.documentElement.scrollWidth");
        assert!(widest.as_u64() <= Some(width.into()), "{widest} in {width}");
        let png = browser.screenshot();
        std::fs::write(
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{name}.png")),
            &png,
        )
        .unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.width, width);
        let channels = info.color_type.samples();
        let mut colours: Vec<&[u8]> = pixels[..info.buffer_size()].chunks(channels).collect();
        let all = colours.len();
        let most = {
            colours.sort_unstable();
            colours.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap()
        };
        colours.dedup();
        assert!(
            colours.len() > 50 && most * 20 < all * 19,
            "{} colours, {most} of {all}",
            colours.len()
        );
    }
}

/// Texts whose contrast with what is behind them is below 4.5.
const PALE: &str = r"
const numbers = (text) => {
  const all = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
  const scaled = text.startsWith('color(srgb') ? all.slice(0, 3).map((n) => n * 255) : all.slice(0, 3);
  return [...scaled, all.length > 3 ? all[3] : 1];
};
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let own = element; own; own = own.parentElement) {
    const colour = numbers(getComputedStyle(own).backgroundColor);
    if (colour[3] > 0.99) return colour;
  }
  return [255, 255, 255];
};
const pale = [];
let looked = 0;
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !element.getClientRects().length || element.matches('script, title, .skip')) continue;
  const style = getComputedStyle(element);
  const ink = numbers(element instanceof SVGElement ? style.fill : style.color);
  const [a, b] = [light(ink), light(behind(element))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  looked += 1;
  if (contrast < 4.5) pale.push(element.textContent.slice(0, 40) + ' ' + contrast.toFixed(2));
}
return [looked, pale];
";

#[test]
fn light_and_dark_are_both_readable() {
    let Some(browser) = opened("contrast in light and dark") else { return };
    let paper = "return getComputedStyle(document.body).backgroundColor";
    browser.medium("screen", "light");
    let light = browser.run(paper);
    let contrasts = |browser: &Browser| {
        let found = browser.run(PALE);
        assert!(found[0].as_u64() > Some(500), "{found}");
        assert_eq!(found[1], serde_json::json!([]));
    };
    contrasts(&browser);
    browser.medium("screen", "dark");
    assert_ne!(browser.run(paper), light);
    contrasts(&browser);
    // Paper is white in any scheme, and a long table prints its first rows.
    browser.medium("print", "dark");
    assert_eq!(browser.run(paper), "rgb(255, 255, 255)");
    let printed = "return [...document.querySelectorAll('#top tbody tr')].filter((row) => row.getClientRects().length).length";
    assert_eq!(browser.run(printed), 50);
    browser.medium("", "light");
    assert!(browser.print().starts_with(b"%PDF-"));
}

#[test]
fn everything_is_reached_by_keyboard_and_has_a_name() {
    let Some(browser) = opened("keyboard and names") else { return };
    let all =
        "const all = [...document.querySelectorAll('a[href], button, input, [tabindex=\"0\"]')];
        return all.filter((element) => element.getClientRects().length).length;";
    let count = browser.run(all).as_u64().unwrap();
    let mut reached = 0;
    loop {
        browser.press("\u{e004}");
        let here = browser.run(
            "const here = document.activeElement; if (here === document.body || here.dataset.seen) return null;
             here.dataset.seen = 'yes';
             const style = getComputedStyle(here);
             return [here.outerHTML.slice(0, 80), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];",
        );
        if here.is_null() {
            break;
        }
        reached += 1;
        assert!(!browser.focused_name().is_empty(), "{here} has no name");
        assert_eq!(here[1], true, "{here} does not show that it is focused");
        assert!(reached <= count, "{here}");
    }
    assert_eq!(reached, count);
    // Headings in order, each chart with words, each table with a caption, each id once.
    let structure = r"
        const wrong = [];
        let level = 0;
        for (const head of document.querySelectorAll('h1, h2, h3, h4')) {
          const own = Number(head.tagName[1]);
          if (own > level + 1) wrong.push(head.textContent);
          level = own;
        }
        for (const chart of document.querySelectorAll('svg'))
          if (chart.getAttribute('role') !== 'img' || !chart.getAttribute('aria-label')) wrong.push(chart.outerHTML.slice(0, 80));
        for (const table of document.querySelectorAll('table'))
          if (!table.caption || !table.caption.textContent.trim()) wrong.push(table.outerHTML.slice(0, 80));
        const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
        wrong.push(...ids.filter((id, at) => ids.indexOf(id) !== at));
        for (const link of document.querySelectorAll('a[href^=\x22#\x22]'))
          if (!document.querySelector(link.getAttribute('href'))) wrong.push(link.outerHTML);
        return wrong;";
    assert_eq!(browser.run(structure), serde_json::json!([]));
}
