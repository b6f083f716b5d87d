//! Pages to look at: set `CLVCAST_PAGES` to a folder.

use clvcast::report::Lang;

use crate::world::World;

#[test]
fn pages_are_whole_documents_that_load_nothing() {
    let world = World::superstore();
    for (lang, name) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let page = world.page(lang, None);
        assert!(page.starts_with("<!doctype html>\n<html lang=") && page.ends_with("</html>"));
        for outside in
            ["http://", "https://", "url(", "@import", "<img", "<iframe", "<object", " src="]
        {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src &#x27;none&#x27;"));
        assert!(page.len() < 2_000_000, "{} bytes", page.len());
        if let Some(folder) = std::env::var_os("CLVCAST_PAGES") {
            let path = std::path::Path::new(&folder).join(format!("{name}.html"));
            std::fs::write(path, page).unwrap();
        }
    }
}
