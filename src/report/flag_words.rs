//! Flags for people, in both languages.

use super::Lang;
use crate::value::Flag;

/// A flag in few words, and what it means.
pub(super) const fn flag_words(lang: Lang, flag: Flag) -> (&'static str, &'static str) {
    let zh = match flag {
        Flag::NoActivePeriod => ("无有效购买期", "没有任何一期既有购买又有正的净销售额"),
        Flag::OneTimeBuyer => ("仅购买一次", "迄今只购买过一次"),
        Flag::ShortHistory => ("历史较短", "首次购买距今不足三期"),
        Flag::OutsideBands => ("超出价值区间", "最近的客单价不在模型的价值区间内"),
        Flag::AboveMaxFrequency => ("超出最高频次", "最近一期的购买次数高于模型的最大次数"),
        Flag::InfiniteMean => ("期望无限大", "按模型计算的期望价值为无限大"),
        Flag::NegativeMargin => ("毛利率为负", "最近一次的毛利率为负"),
        Flag::MarginOver100 => ("毛利率超过 100 %", "某期预测毛利率高于 100 %"),
        Flag::Margin100 => ("无成本", "最近有效购买期没有成本"),
        Flag::NoExpense => ("无营销费用", "迄今没有营销费用"),
        Flag::NoSales => ("无净销售额", "迄今没有净销售额：费用率按 0 计"),
        Flag::NegativeForecast => ("预测为负", "预测毛利小于零"),
        Flag::Overridden => ("人工调整", "毛利率或费用经人工指定"),
    };
    let en = match flag {
        Flag::NoActivePeriod => "no active period",
        Flag::OneTimeBuyer => "one-time buyer",
        Flag::ShortHistory => "short history",
        Flag::OutsideBands => "outside bands",
        Flag::AboveMaxFrequency => "above maximal frequency",
        Flag::InfiniteMean => "infinite mean",
        Flag::NegativeMargin => "negative margin",
        Flag::MarginOver100 => "margin over 100 %",
        Flag::Margin100 => "no cost",
        Flag::NoExpense => "no expense",
        Flag::NoSales => "no sales",
        Flag::NegativeForecast => "negative forecast",
        Flag::Overridden => "overridden",
    };
    match lang {
        Lang::En => (en, flag.meaning()),
        Lang::Zh => zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_words_of_its_own() {
        for lang in [Lang::En, Lang::Zh] {
            let mut words: Vec<&str> = Flag::ALL.map(|flag| flag_words(lang, flag).0).to_vec();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), Flag::ALL.len());
        }
    }
}
