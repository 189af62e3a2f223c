//! The name that somebody probably meant.

/// Longest name that is compared, in characters; longer ones have no nearest.
const NAME_LENGTH_MAX: usize = 64;

/// The nearest of `names` to `wrong`, if one is near: at most two fifths of it differ.
pub(crate) fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wrong: Vec<char> = wrong.to_lowercase().chars().collect();
    if wrong.is_empty() || wrong.len() > NAME_LENGTH_MAX {
        return None;
    }
    let far = (wrong.len() * 2 / 5).max(1);
    names
        .into_iter()
        .map(|name| {
            (edits(&wrong, &name.to_lowercase().chars().take(NAME_LENGTH_MAX).collect::<Vec<_>>()), name)
        })
        .filter(|&(edits, _)| edits <= far)
        .min()
        .map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours that make one into the other.
fn edits(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut rows: Vec<usize> = vec![0; (one.len() + 1) * width];
    for (column, cell) in rows.iter_mut().take(width).enumerate() {
        *cell = column;
    }
    for row in 1..=one.len() {
        rows[row * width] = row;
        for column in 1..width {
            let differ = usize::from(one[row - 1] != other[column - 1]);
            let mut best = (rows[(row - 1) * width + column] + 1)
                .min(rows[row * width + column - 1] + 1)
                .min(rows[(row - 1) * width + column - 1] + differ);
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if swapped {
                best = best.min(rows[(row - 2) * width + column - 2] + 1);
            }
            rows[row * width + column] = best;
        }
    }
    rows[one.len() * width + other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_who_swaps_two_letters_is_told_the_right_word() {
        let keys = ["ring", "rule", "rona_cool_down", "wait_target"];
        assert_eq!(nearest("rign", keys), Some("ring"));
        assert_eq!(nearest("wait_targt", keys), Some("wait_target"));
        assert_eq!(nearest("Rule", keys), Some("rule"));
    }

    #[test]
    fn a_word_like_no_other_gets_no_guess() {
        assert_eq!(nearest("elephant", ["ring", "rule"]), None);
        assert_eq!(nearest("", ["ring"]), None);
        assert_eq!(nearest(&"r".repeat(500), ["ring"]), None);
    }
}
