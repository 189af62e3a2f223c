//! Questions that nobody could answer, in groups of like ones, the largest first: for the people who keep the cards.

use std::collections::{BTreeMap, BTreeSet};

use crate::words::meaning;

/// From this share of common stems on (of both together), two questions are alike.
const ALIKE_FROM: f64 = 0.5;
/// The most questions that are compared; the newest count.
const QUESTIONS_MAX: usize = 5_000;

/// Questions that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Their places in what was given, the oldest first.
    pub questions: Vec<usize>,
    /// The stems that most of them have, the commonest first, at most five: what to call the group.
    pub about: Vec<String>,
}

/// Groups questions by the stems that they share with the first question of a group. Each is compared with the groups that
/// have any of its stems, so the work does not grow with the square of the questions.
#[must_use]
pub fn group<'q>(questions: impl IntoIterator<Item = &'q str>) -> Vec<Group> {
    let stems: Vec<BTreeSet<String>> =
        questions.into_iter().map(|text| meaning(text).into_iter().collect()).collect();
    let skipped = stems.len().saturating_sub(QUESTIONS_MAX);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut groups_of: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, own) in stems.iter().enumerate().skip(skipped) {
        let near: BTreeSet<usize> =
            own.iter().filter_map(|stem| groups_of.get(stem.as_str())).flatten().copied().collect();
        let best = near
            .into_iter()
            .map(|group| (group, likeness(own, &stems[groups[group][0]])))
            .filter(|(_, likeness)| *likeness >= ALIKE_FROM)
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        match best {
            Some((group, _)) => groups[group].push(at),
            None => {
                for stem in own {
                    groups_of.entry(stem).or_default().insert(groups.len());
                }
                groups.push(vec![at]);
            }
        }
    }
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|questions| Group { about: commonest(questions.iter().map(|at| &stems[*at])), questions })
        .collect();
    groups.sort_by(|one, other| {
        other.questions.len().cmp(&one.questions.len()).then(one.questions.cmp(&other.questions))
    });
    groups
}

/// The share of common stems among all of both (Jaccard).
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 1.0 } else { common as f64 / all as f64 }
}

fn commonest<'s>(questions: impl Iterator<Item = &'s BTreeSet<String>>) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for stem in questions.flatten() {
        *counts.entry(stem).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    counts.into_iter().take(5).map(|(stem, _)| stem.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_questions_are_one_group_and_the_largest_is_first() {
        let questions = [
            "cuándo pasa la basura",
            "permiso de mascotas",
            "a qué hora pasa la basura por mi barrio",
            "pasa la basura hoy",
            "¿permiso para una mascota?",
        ];
        let groups = group(questions);
        assert_eq!(groups[0].questions[0], 0);
        assert!(groups[0].questions.contains(&3));
        assert!(groups[0].about.contains(&"basur".to_owned()));
        let pets = groups.iter().find(|group| group.questions[0] == 1).expect("a group");
        assert_eq!(pets.questions, [1, 4]);
    }

    #[test]
    fn questions_without_meaning_are_no_trouble() {
        assert_eq!(group(["", "", "?"]).len(), 3);
        assert!(group([]).is_empty());
    }
}
