//! Marks that warn an agent: who may not be whom, and writing that deceives the eye.

use crate::mail::files::{is_turning, is_unseen};
use crate::mail::head::Head;

/// The outcome of SPF, DKIM and DMARC, as the site's own mail server noted it; another server's word counts for nothing.
pub(crate) fn authenticity(head: &Head<'_>, own_server: Option<&str>) -> Vec<String> {
    let Some(own) = own_server else { return Vec::new() };
    let results = head.texts("Authentication-Results");
    let is_own = |result: &&String| {
        let server =
            result.split(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
        server.eq_ignore_ascii_case(own)
    };
    // The topmost is the newest: an older one of the same name may have been written by the sender.
    let Some(result) = results.iter().find(is_own) else {
        return vec!["authenticity: not checked".to_owned()];
    };
    let mut marks = Vec::new();
    for part in result.split(';').skip(1) {
        let Some((method, rest)) = part.trim().split_once('=') else { continue };
        let method = method.trim().to_ascii_lowercase();
        let outcome: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let mark = format!("{method}: {}", outcome.to_ascii_lowercase());
        if matches!(method.as_str(), "spf" | "dkim" | "dmarc" | "arc")
            && !outcome.is_empty()
            && !marks.contains(&mark)
        {
            marks.push(mark);
        }
    }
    marks
}

/// Marks for writing that turns its direction, hides signs, or takes letters of another alphabet for its own.
pub(crate) fn deceiving(name: &str, address: &str, subject: &str, text: &str) -> Vec<String> {
    let mut marks = Vec::new();
    let all = [name, address, subject, text];
    if all.iter().any(|words| words.chars().any(is_turning)) {
        marks.push("turns the direction of writing".to_owned());
    }
    if [name, address, subject].iter().any(|words| words.chars().any(is_unseen)) {
        marks.push("unseen signs in the sender or the subject".to_owned());
    }
    if address.split(['@', '.']).any(is_mixed)
        || is_mixed_domain(address)
        || name.split_whitespace().any(is_mixed)
    {
        marks.push("letters of two alphabets in the sender".to_owned());
    }
    if text.split(|sign: char| sign.is_whitespace() || "<>()\"'".contains(sign)).any(is_mixed_link) {
        marks.push("letters of two alphabets in a link".to_owned());
    }
    // A name that is an address of somebody else: mailers show the name alone.
    if let Some((_, domain)) = name.rsplit_once('@') {
        let shown = domain.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
        let is_other = !shown.is_empty() && !address.to_lowercase().ends_with(&shown);
        if is_other {
            marks.push("the sender's name is another address".to_owned());
        }
    }
    marks
}

fn is_mixed_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    let Some(rest) = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.split('.').any(is_mixed) || is_mixed_domain(host)
}

/// A domain in the alphabet of the net's own names (`xn--`) is shown to nobody as what it means.
fn is_mixed_domain(host: &str) -> bool {
    host.rsplit('@').next().unwrap_or_default().split('.').any(|label| label.starts_with("xn--"))
}

/// Whether a word has letters of two alphabets that look alike.
fn is_mixed(word: &str) -> bool {
    let is_latin = |sign: char| sign.is_ascii_alphabetic() || matches!(sign, '\u{c0}'..='\u{24f}');
    let is_alike = |sign: char| matches!(sign, '\u{370}'..='\u{52f}' | '\u{530}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{ff21}'..='\u{ff5a}');
    word.chars().any(is_latin) && word.chars().any(is_alike)
}

/// Words without signs that turn or hide, as an agent reads them.
pub(crate) fn plain(words: &str) -> String {
    let is_control = |sign: char| sign.is_control() && sign != '\n' && sign != '\t';
    words.chars().filter(|sign| !is_turning(*sign) && !is_control(*sign)).collect()
}
