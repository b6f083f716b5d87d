//! What each section says.

use clvcast::report::Lang;
use clvcast::segment::Segmentation;

use crate::world::{Plan, World, rows, table};

/// Sections of a page with everything.
const ALL: [&str; 10] = [
    "headline",
    "layers",
    "segments",
    "migration",
    "life-cycle",
    "customers",
    "fit",
    "backtest",
    "quality",
    "method",
];

/// A section of a page.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) =
        page.split_once(&format!("<section id=\"{id}\"")).unwrap_or_else(|| panic!("{id}"));
    rest.split("</section>").next().unwrap()
}

#[test]
fn every_section_is_there_in_both_languages() {
    let world = World::superstore();
    for (lang, code, words) in [
        (Lang::En, "en", ["What is coming", "Gross profit", "High-value", "In nine of ten cases"]),
        (Lang::Zh, "zh-CN", ["未来展望", "毛利", "重要价值客户", "十次中有九次"]),
    ] {
        let page = world.page(lang, None);
        assert!(page.contains(&format!("<html lang=\"{code}\">")));
        for id in ALL {
            assert!(page.contains(&format!("<section id=\"{id}\"")), "{id}");
            assert!(page.contains(&format!("<a href=\"#{id}\">")), "{id}");
        }
        for word in words {
            assert!(page.contains(word), "{word}");
        }
    }
}

#[test]
fn a_chinese_page_leaves_no_english_sentence_of_ours() {
    let page = World::superstore().page(Lang::Zh, None);
    let body = page.split("</head>").nth(1).unwrap().split("<script>").next().unwrap();
    // Messages of the program are marked as English; codes and names are no sentences.
    for part in body.split('<').filter_map(|part| part.split_once('>')) {
        let (tag, text) = part;
        let words = text
            .split_whitespace()
            .filter(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase()));
        let english = words.count() > 2;
        assert!(!english || tag.contains("lang=\"en\""), "{text}");
    }
}

#[test]
fn what_is_not_known_is_left_out_or_said() {
    let mut world = World::superstore();
    world.segmentation = Segmentation::default();
    world.backtest = Err("the model was given".to_owned());
    let page = world.page(Lang::En, None);
    for id in ["layers", "migration", "life-cycle"] {
        assert!(!page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(section(&page, "segments").contains("There are no groups"));
    assert!(section(&page, "backtest").contains("the model was given"));
}

#[test]
fn the_headline_compares_the_coming_periods_with_the_last() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let text = section(&page, "headline");
    // The last three quarters as the README shows them.
    for part in ["Last 3 quarters: 69,933", "Last 3 quarters: 610,070", "Last 3 quarters: 1,447"] {
        assert!(text.contains(part), "{part}");
    }
    let ahead: f64 = world.totals.periods.iter().filter_map(|period| period.gross_profit).sum();
    let change = 100.0 * (ahead / 69_933.07 - 1.0);
    assert!(text.contains(&format!("{change:+.1} % against the last 3 quarters")), "{change}");
    // The same quarters of 2017: Q1 to Q3.
    let year: f64 = world.panel.company[12..15]
        .iter()
        .map(|own| (own.amount - own.cost - own.expense).to_f64(world.panel.scale))
        .sum();
    let year = clvcast::report::numbers::money(year);
    assert!(text.contains(&format!("a year before: {year}")), "{year}");
    let bounds = world
        .intervals
        .as_ref()
        .unwrap()
        .total
        .ninety(clvcast::predict::Target::GrossProfit, clvcast::predict::Window::Total);
    let [low, high] = bounds.unwrap().map(|bound| clvcast::report::numbers::money(bound.value));
    assert!(text.contains(&format!("90 % of outcomes: {low} to {high}")));
}

#[test]
fn customers_at_risk_are_silent_beyond_their_habit() {
    let page = World::superstore().page(Lang::En, None);
    let risk = rows(table(&page, "risk"), "tbody");
    assert!(!risk.is_empty());
    for row in &risk {
        let (silent, gap) = (row[2].1.unwrap(), row[3].1.unwrap());
        assert!(silent > 2.0 * gap && silent > 91.0, "{row:?}");
    }
    assert!(risk.windows(2).all(|pair| pair[0][4].1 >= pair[1][4].1));
    let below = rows(table(&page, "below"), "tbody");
    assert!(below.iter().all(|row| row[4].1 < Some(0.0)));
    assert!(below.windows(2).all(|pair| pair[0][4].1 <= pair[1][4].1));
}

#[test]
fn the_backtest_says_what_came() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let text = section(&page, "backtest");
    // Bias and actual as `clvcast backtest` has them: NBD alone falls 40 % short.
    assert!(text.contains("(bias -40.0\u{a0}%)"), "{text}");
    let table = rows(table(&page, "backtest-table"), "tbody");
    assert_eq!(table.len(), 5, "a model and four rules of thumb");
    assert!(table[0][0].0.starts_with("Model (nbd"));
}

#[test]
fn rows_are_accounted_for() {
    let text = "customer,date,amount,cost\na,2016-01-05,10,5\na,2016-05-05,12,5\na,2016-05-05,12,5\n\
        b,2016-02-01,9,5\nb,2016-12-01,-3,0\nb,2017-12-31,30,5\n";
    let world = World::csv(text, Plan { warnings: vec!["look here".into()], ..Plan::default() });
    let page = world.page(Lang::En, None);
    let accounts = rows(table(&page, "accounts"), "tbody");
    let of = |name: &str| accounts.iter().find(|row| row[0].0.starts_with(name)).unwrap()[1].1;
    assert_eq!((of("Rows read"), of("Rows used")), (Some(6.0), Some(6.0)));
    assert_eq!((of("Rows that repeat"), of("Rows with a negative")), (Some(1.0), Some(1.0)));
    assert!(section(&page, "quality").contains("look here"));
    let sha = &world.ledger.audit.files[0].sha256;
    assert!(
        section(&page, "quality").contains(sha)
            && page.split("<footer>").nth(1).unwrap().contains(sha)
    );
}

#[test]
fn the_same_findings_give_the_same_bytes_for_any_number_of_threads() {
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| World::superstore().page(Lang::En, None))
    };
    assert_eq!(of(1), of(4));
}
