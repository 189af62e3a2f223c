//! How far two words are from each other, in letters.

/// Longest name that is compared, in characters.
const NAME_LENGTH_MAX: usize = 80;

/// The nearest of `names` to `wrong`, if at most two fifths of it differ.
pub(crate) fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let wrong: Vec<char> = wrong.chars().take(NAME_LENGTH_MAX).collect();
    let far = (wrong.len() * 2 / 5).max(1);
    let near = names.into_iter().map(|name| {
        let letters: Vec<char> = name.chars().take(NAME_LENGTH_MAX).collect();
        (edits(&wrong, &letters), name)
    });
    near.filter(|&(edits, _)| edits <= far).min().map(|(_, name)| name.to_owned())
}

/// Insertions, deletions, replacements and swaps of neighbours that make one into the other.
pub(crate) fn edits<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, there) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != there);
            let mut best = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            let is_swap = row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *there;
            if is_swap {
                best = best.min(before_last[column - 1] + 1);
            }
            next.push(best);
        }
        before_last = core::mem::replace(&mut last, next);
    }
    last[other.len()]
}

/// Whether one letter more, less, other, or swapped with its neighbour makes one into the other; equal ones too.
pub(crate) fn within_one_edit(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(here, there)| here == there).count();
    let (short_rest, long_rest) = (&short[same..], &long[same..]);
    if short.len() < long.len() {
        return short_rest == &long_rest[1..];
    }
    let is_swap = short_rest.len() >= 2
        && short_rest[0] == long_rest[1]
        && short_rest[1] == long_rest[0]
        && short_rest[2..] == long_rest[2..];
    short_rest.is_empty() || short_rest[1..] == long_rest[1..] || is_swap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_edit_and_two_letters_are_two() {
        for (one, other, count) in [
            ("patente", "patente", 0),
            ("patente", "patetne", 1),
            ("luae", "luaes", 1),
            ("predio", "pedido", 2),
            ("", "abc", 3),
        ] {
            assert_eq!(edits(one.as_bytes(), other.as_bytes()), count, "{one} {other}");
            assert_eq!(within_one_edit(one.as_bytes(), other.as_bytes()), count <= 1, "{one} {other}");
            assert_eq!(within_one_edit(other.as_bytes(), one.as_bytes()), count <= 1, "{other} {one}");
        }
    }

    #[test]
    fn a_misspelt_name_gets_the_one_that_was_meant() {
        assert_eq!(nearest("requirments", ["requirements", "related"]), Some("requirements".to_owned()));
        assert_eq!(nearest("elephant", ["requirements", "related"]), None);
    }
}
