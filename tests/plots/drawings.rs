//! SVG and PNG as files: well-formed, of the right size, the same every time.

use clvcast::plots::{NAMES, Pictures, Scene, Style};
use clvcast::predict::Sample;

use crate::world::{cdnow, leaving, model, nbd, superstore};

/// Pictures with every part: forecast, interval and leaving.
fn pictures() -> Pictures {
    let sample = Sample::new(3, vec![40.0, 50.0, 60.0, 35.0, 45.0, 55.0], None, None);
    let scene = Scene {
        horizon: 2,
        base: None,
        expected: &[50.0, 45.0],
        sample: Some(&sample),
        happened: &[48.0, 41.0],
    };
    let panel = cdnow();
    let model = model(leaving()[0]);
    Pictures::new(&panel, &model, &scene, &Style::of(&panel, &model, Some("US$ <&>")))
}

/// Checks that elements nest and end, and gives the texts between them.
fn texts(svg: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut texts = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
        for entity in text.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;", "apos;"];
            assert!(known.iter().any(|name| entity.starts_with(name)), "{text}");
        }
        texts.push(text.trim().to_owned());
    }
    assert!(open.is_empty(), "{open:?} is open");
    texts
}

#[test]
fn svg_is_well_formed_and_names_what_it_shows_and_in_which_units() {
    let pictures = pictures();
    let units = [
        ("tracking", "Repeat purchases per period"),
        ("frequency-histogram", "Customers"),
        ("rate-heatmap", "Time since the last purchase, periods of 7 days"),
        ("alive-heatmap", "probability at the as-of date"),
        ("spend-density", "Average purchase value, US$ &lt;&amp;&gt;"),
        ("migration", "Next value per purchase, US$ &lt;&amp;&gt;"),
    ];
    assert_eq!(pictures.drawn.len(), units.len());
    for (picture, (name, unit)) in pictures.drawn.iter().zip(units) {
        let drawing = &picture.drawing;
        assert_eq!(drawing.name(), name);
        let texts = texts(&drawing.to_svg().unwrap());
        let has = |wanted: &str| texts.iter().any(|text| text.contains(wanted));
        assert!(has(drawing.title()) && has(unit), "{name}: {texts:?}");
        assert!(has("2,357 customers up to 1997-09-30"));
        // Once for those who cannot see it, and once drawn.
        assert!(has(&drawing.caption().replace('&', "&amp;")));
    }
}

#[test]
fn png_decodes_to_twice_the_units() {
    for picture in pictures().drawn {
        let bytes = picture.drawing.to_png().unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (1920, 1200));
        // A white sheet with something on it.
        assert_eq!(pixels[..3], [255, 255, 255]);
        assert!(pixels.iter().any(|value| *value < 100));
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let (one, other) = (pictures(), pictures());
    assert_eq!(one, other);
    let (one, other) = (&one.drawn[0], &other.drawn[0]);
    assert_eq!(one.drawing.to_png().unwrap(), other.drawing.to_png().unwrap());
    assert_eq!(one.drawing.to_svg().unwrap(), other.drawing.to_svg().unwrap());
}

#[test]
fn what_does_not_apply_is_left_out_with_a_reason() {
    let mut panel = superstore();
    panel.has_amount = false;
    let scene = Scene { horizon: 3, ..Scene::default() };
    let pictures = Pictures::new(&panel, &nbd(), &scene, &Style::default());
    let skipped: Vec<&str> = pictures.skipped.iter().map(|(name, _)| *name).collect();
    assert_eq!(skipped, ["alive-heatmap", "spend-density", "calendar", "migration"]);
    let note = pictures.note().unwrap();
    assert!(note.starts_with("pictures left out: alive-heatmap (under this model customers never"));
    let drawn = pictures.drawn.iter().map(|p| p.drawing.name());
    assert!(drawn.chain(skipped).all(|name| NAMES.contains(&name)));
}
