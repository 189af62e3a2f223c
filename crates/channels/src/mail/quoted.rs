//! The history that a mailer quotes under an answer.

/// Begins of the lines with which mailers introduce the mail that they quote whole.
const DIVIDERS: [&str; 6] = [
    "-----original message",
    "----- original message",
    "-----mensaje original",
    "----- mensaje original",
    "---------- forwarded message",
    "---------- mensaje reenviado",
];

/// Ends of the lines that name whom the quotation is from.
const WROTE: [&str; 6] = ["wrote:", "escribió:", "escribio:", "schrieb:", "écrit :", "escreveu:"];

/// A text without the history at its end, and how many lines of it there were.
///
/// Words between quotations stay: their writer answers point by point.
#[must_use]
pub fn without_history(text: &str) -> (&str, usize) {
    let lines: Vec<(usize, &str)> = line_begins(text);
    let divider = (0..lines.len()).find(|at| is_divider(lines[*at].1) || is_head(&lines[*at..]));
    let mut end = divider.unwrap_or(lines.len());
    let all = lines.len();
    let is_quote = |line: &str| line.trim_start().starts_with('>');
    let mut kept = end;
    while kept > 0 && (is_quote(lines[kept - 1].1) || lines[kept - 1].1.trim().is_empty()) {
        kept -= 1;
    }
    if lines[kept..end].iter().any(|(_, line)| is_quote(line)) {
        end = kept;
        // The introduction may be broken over up to three lines.
        let introduced =
            (1..=3.min(end)).rev().map(|count| end - count).find(|begin| is_wrote(&lines[*begin..end]));
        end = introduced.unwrap_or(end);
    }
    if end == all {
        return (text, 0);
    }
    let (words, folded) = (&text[..lines[end].0], all - end);
    // A mail that is nothing but quotation shows it: there would be nothing to read.
    if words.trim().is_empty() { (text, 0) } else { (words.trim_end(), folded) }
}

fn line_begins(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let begin = at;
        at += line.len();
        (begin, line.trim_end())
    });
    lines.collect()
}

fn is_divider(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    DIVIDERS.iter().any(|divider| line.starts_with(divider))
        || (line.len() >= 30 && line.bytes().all(|byte| byte == b'_'))
}

/// Whether headers of the quoted mail begin here, as Outlook writes them.
fn is_head(lines: &[(usize, &str)]) -> bool {
    let begins = |at: usize, words: [&str; 3]| {
        let line = lines.get(at).map_or("", |(_, line)| line).trim().trim_matches('*').to_lowercase();
        words.iter().any(|word| line.starts_with(word))
    };
    begins(0, ["from:", "de:", "von:"]) && (1..3).any(|at| begins(at, ["sent:", "enviado", "gesendet:"]))
}

fn is_wrote(lines: &[(usize, &str)]) -> bool {
    let (Some((_, first)), Some((_, last))) = (lines.first(), lines.last()) else { return false };
    let (first, last) = (first.trim().to_lowercase(), last.trim().to_lowercase());
    // It begins with a day; a line of the writer's own words rarely does.
    let begins = ["on ", "el ", "am ", "le ", "em "].iter().any(|begin| first.starts_with(begin));
    let is_dated = begins && first.contains(|sign: char| sign.is_ascii_digit());
    let is_close = lines.iter().all(|(_, line)| !line.trim().is_empty());
    is_close && WROTE.iter().any(|end| last.ends_with(end)) && (is_dated || lines.len() == 1)
}
