//! Ids, segments, file names and messages that would do harm if they were taken for anything but
//! text.

use clvcast::report::Lang;

use crate::world::{Plan, World, rows, table};

/// What people put into fields.
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "=cmd()",
    "\"><img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<!--",
    "{{ 7 * 7 }}{% raw %}",
    "'; alert(3); '",
    "</title></svg></bdi><b>",
    "abc\u{202e}gpj.exe",
];

/// A ledger in which everything a user writes is hostile.
fn hostile() -> World {
    let mut text = String::from("customer,date,amount,cost,segment\n");
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    for (i, name) in HOSTILE.iter().enumerate() {
        for quarter in 0..8 {
            let (year, month) = (2016 + quarter / 4, 1 + 3 * (quarter % 4));
            if (i + quarter) % 3 != 0 {
                let amount = 10 + 7 * i + 3 * quarter;
                text.push_str(&format!(
                    "{},{year}-{month:02}-1{},{amount},{},{}\n",
                    quoted(name),
                    i % 9,
                    amount / 2,
                    quoted(HOSTILE[(i + 1) % HOSTILE.len()])
                ));
            }
        }
    }
    let warnings = HOSTILE.map(|name| format!("customer {name} is strange")).to_vec();
    let plan = Plan { warnings, currency: Some("<i>$</i>"), ..Plan::default() };
    let mut world = World::csv(&text, plan);
    world.ledger.audit.files[0].path = "<b>sales</b>.csv".into();
    world.ledger.columns.amount = Some("<u>amount</u>".into());
    world.segmentation.groupings[0].column = "<s>own</s>".into();
    world.segmentation.moves[0].groups[0] = HOSTILE[0].into();
    world.segmentation.warnings.push(HOSTILE[2].into());
    world.backtest = Err(HOSTILE[0].into());
    world
}

#[test]
fn hostile_text_is_text() {
    let world = hostile();
    for lang in [Lang::En, Lang::Zh] {
        let page = world.page(lang, None);
        assert_eq!(page.matches("<script>").count(), 1, "only its own");
        assert_eq!(page.matches("</script>").count(), 1);
        for markup in ["<img", "<!--", "<b>", "<i>", "<u>", "<s>", "\u{202e}", "onerror=alert(1)>"]
        {
            assert!(!page.contains(markup), "{markup}");
        }
        // Nothing was evaluated, nothing was lost.
        assert!(page.contains("{{ 7 * 7 }}{% raw %}"));
        let shown: Vec<String> = rows(table(&page, "top"), "tbody")
            .into_iter()
            .map(|row| row[0].0.replace("⟨U+202E⟩", "\u{202e}"))
            .collect();
        for name in HOSTILE {
            assert!(shown.iter().any(|own| own == name), "{name} in {shown:?}");
        }
    }
}

#[test]
fn no_attribute_is_left_by_a_quote() {
    let page = hostile().page(Lang::En, None);
    // Outside of style and script every tag is one of ours.
    let body = page.split("</head>").nth(1).unwrap().split("<script>").next().unwrap();
    let mut tags: Vec<&str> = body
        .split('<')
        .skip(1)
        .map(|part| part.trim_start_matches('/'))
        .map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap())
        .collect();
    tags.sort_unstable();
    tags.dedup();
    let known = [
        "a",
        "bdi",
        "body",
        "button",
        "caption",
        "circle",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "header",
        "input",
        "label",
        "li",
        "main",
        "nav",
        "p",
        "polyline",
        "rect",
        "section",
        "span",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ];
    let strange: Vec<&&str> = tags.iter().filter(|tag| !known.contains(*tag)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}
