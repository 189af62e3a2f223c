//! The names of a journal's files: the number first, so that they sort in order.

use crate::form::Content;

/// The name of a file with this content and number.
pub fn file_name(content: Content, number: u64) -> String {
    format!("{number:010}.{}", ending(content))
}

/// The content and number of a file with this name; `None` if it is not a journal's.
pub fn file_of_name(name: &str) -> Option<(Content, u64)> {
    let (number, kind) = name.split_once('.')?;
    let content =
        [Content::Segment, Content::Checkpoint, Content::Facts].into_iter().find(|it| ending(*it) == kind)?;
    let number = number.parse().ok()?;
    (file_name(content, number) == name).then_some((content, number))
}

const fn ending(content: Content) -> &'static str {
    match content {
        Content::Segment => "segment",
        Content::Checkpoint => "checkpoint",
        Content::Facts => "facts",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_and_a_strange_one_is_left_alone() {
        assert_eq!(file_name(Content::Checkpoint, 12), "0000000012.checkpoint");
        assert_eq!(file_of_name("0000000012.checkpoint"), Some((Content::Checkpoint, 12)));
        for strange in ["lock", "unfinished", "12.segment", "0000000012.segment.bak", "+000000012.facts"] {
            assert_eq!(file_of_name(strange), None, "{strange}");
        }
    }
}
