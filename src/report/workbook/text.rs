//! Text of users in cells: shown as it is, whatever it looks like.

/// Characters (of UTF-16) that a cell holds.
pub(super) const LONGEST: usize = 32_767;

/// Characters that are kept of a longer text.
const KEPT: usize = 1_000;

/// The text as a cell shows it.
///
/// Cells hold no control characters and no noncharacters, and programs treat them differently:
/// control characters become their pictures (`␊` is a line feed), noncharacters `�`. A text that a
/// cell cannot hold is cut, and says so.
pub(super) fn shown(text: &str) -> String {
    let picture = |letter: char| match letter {
        '\u{7f}' => '\u{2421}',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        letter => letter,
    };
    if is_long(text) {
        let start: String = text.chars().take(KEPT).map(picture).collect();
        return format!("{start}… [{} characters]", text.chars().count());
    }
    text.chars().map(picture).collect()
}

/// Whether a cell cannot hold a text.
pub(super) fn is_long(text: &str) -> bool {
    text.len() > LONGEST && text.encode_utf16().count() > LONGEST
}

/// Pieces of a text that cells hold, in order.
pub(super) fn pieces(text: &str) -> Vec<String> {
    // A character takes two places at most.
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(LONGEST / 2).map(|piece| piece.iter().collect()).collect()
}

/// Lines of a text that are told apart: more do not fit on a row.
const LINES: u32 = 100;

/// Lines that a text takes in a column of that many letters.
pub(super) fn lines(text: &str, width: f64) -> usize {
    let of_line = |line: &str| {
        let taken: f64 = line.chars().map(|letter| if is_wide(letter) { 2.0 } else { 1.0 }).sum();
        (1..=LINES).find(|lines| taken <= width * f64::from(*lines)).unwrap_or(LINES)
    };
    text.split('\n').map(of_line).sum::<u32>() as usize
}

/// Whether a letter takes the place of two: those of East Asia.
const fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_what_it_is_and_control_characters_can_be_seen() {
        for text in ["=cmd()", "+1", "@x", "<script>", "0012", " a ", "_x0041_", "é🎉"] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("a\nb\0c\u{7f}d\u{ffff}"), "a␊b␀c␡d\u{fffd}");
    }

    #[test]
    fn what_a_cell_cannot_hold_is_cut_and_says_so() {
        let fits = "x".repeat(LONGEST);
        assert_eq!(shown(&fits), fits);
        let long = "x".repeat(LONGEST + 1);
        assert!(shown(&long).ends_with("x… [32768 characters]") && shown(&long).len() < 1100);
        // Two places each.
        assert!(is_long(&"🎉".repeat(16_384)) && !is_long(&"🎉".repeat(16_383)));
        let pieces = pieces(&long);
        assert!(pieces.concat() == long && pieces.iter().all(|piece| !is_long(piece)));
    }

    #[test]
    fn wide_letters_take_two_places() {
        assert_eq!([lines("abcd", 4.0), lines("abcde", 4.0), lines("客户价值", 4.0)], [1, 2, 2]);
        assert_eq!(lines("a\nb", 4.0), 2);
    }
}
