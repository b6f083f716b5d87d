//! The data behind pictures; they are drawn in Python.

use clvcast::plots;

/// Name, title, caption and the data as CSV of each picture, and name and reason of those that do
/// not apply.
pub(crate) type Pictures = (Vec<(String, String, String, String)>, Vec<(String, String)>);

pub(crate) fn data(pictures: plots::Pictures) -> Pictures {
    let drawn = pictures.drawn.into_iter().map(|picture| {
        let drawing = &picture.drawing;
        let text = [drawing.name(), drawing.title(), drawing.caption()].map(str::to_owned);
        let [name, title, caption] = text;
        (name, title, caption, picture.csv)
    });
    let skipped = pictures.skipped.into_iter();
    (drawn.collect(), skipped.map(|(name, why)| (name.to_owned(), why.to_owned())).collect())
}
