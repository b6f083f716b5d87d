//! The languages of workbook and page.

/// A language of reports. Files for programs (CSV, Parquet, JSON) have one set of names.
///
/// ```
/// use clvcast::report::Lang;
/// assert_eq!(Lang::En.say("Forecast", "预测"), "Forecast");
/// assert_eq!(Lang::Zh.code(), "zh");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// The name on the command line, which is that of BCP 47.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The text in this language: both stand side by side where they are used, so that neither is
    /// forgotten.
    #[must_use]
    pub const fn say<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}
