//! Names of groupings and of their groups for people, in both languages.

use super::Lang;

/// The name of a grouping's column; of an unknown one, the column itself.
pub(super) fn column_name(lang: Lang, column: &str) -> String {
    let (en, zh) = match column {
        "segment" => ("Segment", "客户分类"),
        "cell" => ("Customer type", "客户类型"),
        "rfm" => ("RFM class", "RFM 分组"),
        "layer" => ("Value layer", "价值层级"),
        "dormancy" => ("Dormancy", "休眠程度"),
        "worth" => ("Sign of the forecast", "盈亏状况"),
        "rfm_score" => ("RFM score", "RFM 总分"),
        "score" => ("Value score", "价值评分"),
        "grid" => ("Loyalty and volume", "忠诚度与购买量"),
        "ladder" => ("Customer ladder", "客户阶梯"),
        other => return other.to_owned(),
    };
    lang.say(en, zh).to_owned()
}

/// The name of a group; of an unknown one, such as those of the data, the label itself.
pub(super) fn label_name(lang: Lang, column: &str, label: &str) -> String {
    let (en, zh) = match (column, label) {
        ("cell", "high-value") => ("High-value", "重要价值客户"),
        ("cell", "deepen") => ("Deepen", "重要深耕客户"),
        ("cell", "dormant") => ("Dormant", "重要唤回客户"),
        ("cell", "churning") => ("Churning", "重要挽留客户"),
        ("cell", "potential") => ("Potential", "潜力客户"),
        ("cell", "new") => ("New", "新客户"),
        ("cell", "maintain") => ("Maintain", "一般维持客户"),
        ("cell", "leave-alone") => ("Leave alone", "低价值客户"),
        ("dormancy", "awake") => ("Awake", "活跃"),
        ("dormancy", "dozing") => ("Dozing", "轻度沉睡"),
        ("dormancy", "half-asleep") => ("Half asleep", "半沉睡"),
        ("dormancy", "asleep") => ("Asleep", "沉睡"),
        ("worth", "above-zero") => ("Above zero", "大于零"),
        ("worth", "near-zero") => ("Near zero", "接近零"),
        ("worth", "below-zero") => ("Below zero", "小于零"),
        ("ladder", "partner") => ("Partner", "合作伙伴"),
        ("ladder", "advocate") => ("Advocate", "拥护者"),
        ("ladder", "member") => ("Member", "会员"),
        ("ladder", "client") => ("Client", "常客"),
        ("ladder", "repeat-customer") => ("Repeat customer", "重复购买客户"),
        ("ladder", "first-time-customer") => ("First-time customer", "首次购买客户"),
        ("ladder", "prospect") => ("Prospect", "潜在客户"),
        ("ladder", "suspect") => ("Suspect", "可能客户"),
        ("grid", levels) => return grid(lang, levels),
        (_, other) => return other.to_owned(),
    };
    lang.say(en, zh).to_owned()
}

/// The name of a value band, or of a place beside the bands.
pub(super) fn band_name(lang: Lang, band: &str) -> String {
    let (below, above) = (band.strip_prefix("below "), band.strip_prefix("above "));
    match (lang, below, above) {
        (Lang::Zh, Some(edge), _) => format!("低于 {edge}"),
        (Lang::Zh, _, Some(edge)) => format!("高于 {edge}"),
        _ => band.to_owned(),
    }
}

/// A cell of the grid, `high-low`: loyalty, then volume.
fn grid(lang: Lang, levels: &str) -> String {
    let word = |level: &str| match level {
        "high" => lang.say("high", "高"),
        "medium" => lang.say("medium", "中"),
        _ => lang.say("low", "低"),
    };
    let (loyalty, volume) = levels.split_once('-').unwrap_or((levels, ""));
    match lang {
        Lang::En => format!("{} loyalty, {} volume", word(loyalty), word(volume)),
        Lang::Zh => format!("{}忠诚度、{}购买量", word(loyalty), word(volume)),
    }
}

/// What a grouping goes by, in a sentence; nothing for an unknown one.
pub(super) fn column_meaning(lang: Lang, column: &str) -> &'static str {
    match column {
        "segment" => lang.say(
            "As given in the data.",
            "来自数据本身的分类。",
        ),
        "cell" => lang.say(
            "By how recently, how often and for how much customers purchased, each high or low.",
            "按最近购买时间、购买频率和购买金额的高低划分。",
        ),
        "rfm" => lang.say(
            "Three marks: how recently, how often and for how much customers purchased; higher is better.",
            "三个分数依次表示最近购买时间、购买频率和购买金额，分数越高越好。",
        ),
        "layer" => lang.say(
            "By rank of the forecast value, from the most valuable customers down.",
            "按预测价值从高到低排序分层。",
        ),
        "dormancy" => lang.say(
            "By how long customers have been silent.",
            "按客户未购买的时间长短划分。",
        ),
        "worth" => lang.say(
            "By what customers are expected to bring: above zero, near it, or below it.",
            "按客户预期带来的价值划分：大于零、接近零或小于零。",
        ),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_groups_have_names_and_others_are_as_they_are() {
        assert_eq!(label_name(Lang::Zh, "cell", "deepen"), "重要深耕客户");
        assert_eq!(label_name(Lang::Zh, "segment", "new"), "new");
        assert_eq!(label_name(Lang::En, "grid", "high-low"), "high loyalty, low volume");
        assert_eq!(column_name(Lang::En, "dormancy"), "Dormancy");
        assert_eq!(column_name(Lang::Zh, "own"), "own");
        assert_eq!(column_meaning(Lang::En, "own"), "");
    }
}
