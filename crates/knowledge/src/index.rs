//! The search: SQLite's full text search in memory over the terms of all procedures.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use crate::procedure::Procedure;
use crate::synonyms::Synonyms;
use crate::thesaurus::Thesaurus;
use crate::typos::{Meant, Spelling};
use crate::words::{self, QUESTION_WORDS_MAX};

/// How much a term counts in each column: name, aliases, the site's words for it, requirements and institution, text, neighbours.
/// Of those that were tried these found most on the part of the questions that is for tuning (docs/KNOWLEDGE.md).
const WEIGHTS: [f64; 6] = [3.0, 3.0, 1.0, 0.5, 0.5, 0.3];
/// BM25 in SQLite: no number of mentions brings a term more than 1 + k1 times its rarity.
const BM25_K1: f64 = 1.2;
/// How many rows the terms of a question may have together, the rarest first. A site of the usual size never comes near.
const ROWS_MAX: u32 = 1_000;
/// The least rarity that SQLite gives a term.
const RARITY_MIN: f64 = 1e-6;
/// The part of the score that a procedure gets for being asked for by its very name.
const OWN_NAME: f64 = 0.25;

/// All procedures, ready to be searched.
pub(crate) struct Index {
    database: Connection,
    thesaurus: Thesaurus,
    spelling: Spelling,
    /// In how many procedures each term stands.
    procedures_of: BTreeMap<String, u32>,
    /// The terms of each name and alias, sorted, with the procedures that have them.
    names: BTreeMap<Vec<String>, Vec<usize>>,
    count: usize,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The procedures, the best first.
    pub hits: Vec<Hit>,
    /// Words that were taken for others.
    pub taken: Vec<Taken>,
    /// Words that no procedure has, nor any like them.
    pub unknown: Vec<String>,
}

/// A procedure that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place among the library's procedures.
    pub place: usize,
    /// From 0 to 1.
    pub score: f64,
}

/// A word that was taken for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// As it was asked, in lower case and without accents.
    pub word: String,
    /// What it was taken for.
    pub meant: String,
}

/// What a question asks for.
#[derive(Debug, Default)]
struct Asked {
    /// Each word or phrase: terms of which any will do, the likeliest first.
    terms: Vec<Vec<String>>,
    /// Neighbours that are neighbours in some procedure, too.
    pairs: Vec<String>,
    taken: Vec<Taken>,
    unknown: Vec<String>,
}

impl Index {
    /// The index of these procedures.
    pub(crate) fn new(procedures: &[Procedure], synonyms: &Synonyms) -> rusqlite::Result<Self> {
        let mut index = Self {
            database: Connection::open_in_memory()?,
            thesaurus: Thesaurus::new(&synonyms.same),
            spelling: Spelling::default(),
            procedures_of: BTreeMap::new(),
            names: BTreeMap::new(),
            count: procedures.len(),
        };
        // The terms are ASCII and stemmed already; `detail=column` leaves out positions, which nobody asks for.
        index.database.execute_batch(
            "CREATE VIRTUAL TABLE terms USING fts5(name, aliases, asked_as, needed, body, pairs, tokenize = 'ascii', detail = column)",
        )?;
        let mut spelt: BTreeMap<String, u32> = BTreeMap::new();
        let transaction = index.database.unchecked_transaction()?;
        for (place, procedure) in procedures.iter().enumerate() {
            let asked_as = synonyms.asked_as.get(&procedure.id).map(Vec::as_slice).unwrap_or_default();
            let columns = columns(procedure, asked_as).map(|text| words::meaningful(&text));
            let words: BTreeSet<&String> = columns.iter().flatten().collect();
            for word in words {
                *spelt.entry(word.clone()).or_default() += 1;
            }
            let columns = columns.map(|words| index.thesaurus.terms(&stems(&words)));
            let terms: BTreeSet<&String> = columns.iter().flatten().collect();
            for term in terms {
                *index.procedures_of.entry(term.clone()).or_default() += 1;
            }
            let pairs = index.pairs(procedure, asked_as);
            for pair in &pairs {
                *index.procedures_of.entry(pair.clone()).or_default() += 1;
            }
            let pairs = pairs.into_iter().collect::<Vec<_>>().join(" ");
            let [name, aliases, asked, needed, body] = columns.map(|terms| terms.join(" "));
            let row = i64::try_from(place).unwrap_or(i64::MAX);
            transaction
                .prepare_cached("INSERT INTO terms(rowid, name, aliases, asked_as, needed, body, pairs) VALUES (?, ?, ?, ?, ?, ?, ?)")?
                .execute(params![row, name, aliases, asked, needed, body, pairs])?;
            for own in procedure.aliases.iter().chain([&procedure.name]) {
                let mut terms = index.thesaurus.terms(&stems(&words::meaningful(own)));
                terms.sort();
                index.names.entry(terms).or_default().push(place);
            }
        }
        transaction.commit()?;
        for word in index.thesaurus.words() {
            spelt.entry(word.clone()).or_default();
        }
        for (word, procedures) in &spelt {
            index.spelling.add(word, *procedures);
        }
        for word in spelt.keys() {
            index.procedures_of.entry(words::stem(word)).or_default();
        }
        Ok(index)
    }

    /// The procedures that `text` may ask for, at most `most`.
    pub(crate) fn search(&self, text: &str, most: usize) -> Answer {
        let asked = self.understand(text);
        let best: f64 = asked.terms.iter().map(|terms| self.most_of(terms)).sum();
        let found = self.found(&asked.terms, &asked.pairs);
        let own = self.asked_by_name(&asked.terms);
        let mut hits: Vec<Hit> = found
            .into_iter()
            .map(|(place, score)| {
                let share = if best > 0.0 { score / best } else { 0.0 };
                let named = if own.contains(&place) { OWN_NAME } else { 0.0 };
                Hit { place, score: share.mul_add(1.0 - OWN_NAME, named) }
            })
            .collect();
        hits.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.place.cmp(&other.place)));
        hits.truncate(most);
        // Neighbours come on top of what the words alone can reach.
        hits.iter_mut().for_each(|hit| hit.score = hit.score.clamp(0.0, 1.0));
        Answer { hits, taken: asked.taken, unknown: asked.unknown }
    }

    /// Each procedure that has a term, with its BM25.
    fn found(&self, terms: &[Vec<String>], pairs: &[String]) -> Vec<(usize, f64)> {
        let terms = self.rarest(terms.iter().flatten().chain(pairs));
        if terms.is_empty() {
            return Vec::new();
        }
        // Terms are of a-z and 0-9 alone, so a quoted one is a word and nothing else.
        let query = terms.iter().map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(" OR ");
        let [name, aliases, asked_as, needed, body, pairs] = WEIGHTS;
        let read = || -> rusqlite::Result<Vec<(usize, f64)>> {
            let mut statement = self.database.prepare_cached(
                "SELECT rowid, bm25(terms, ?2, ?3, ?4, ?5, ?6, ?7) FROM terms WHERE terms MATCH ?1",
            )?;
            let rows =
                statement.query_map(params![query, name, aliases, asked_as, needed, body, pairs], |row| {
                    Ok((usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default(), -row.get::<_, f64>(1)?))
                })?;
            rows.collect()
        };
        read().expect("a table in memory answers words in quotation marks")
    }

    /// The rarest terms, as many as stand in few enough procedures together: the commonest words choose nothing, and a search must
    /// end soon.
    fn rarest<'t>(&self, terms: impl Iterator<Item = &'t String>) -> Vec<&'t String> {
        let having = |term: &String| self.procedures_of.get(term).copied().unwrap_or(0);
        let terms: BTreeSet<(u32, &String)> = terms.map(|term| (having(term), term)).collect();
        let mut rows = 0;
        let few = terms.into_iter().enumerate().take_while(|(at, (having, _))| {
            rows += having;
            *at == 0 || rows <= ROWS_MAX
        });
        few.map(|(_, (_, term))| term).collect()
    }

    /// The most that a procedure can reach by one word: SQLite's rarity of its likeliest term, times 1 + k1.
    fn most_of(&self, terms: &[String]) -> f64 {
        let count = f64::from(u32::try_from(self.count).unwrap_or(u32::MAX));
        let rarity = |term: &String| {
            let having = f64::from(self.procedures_of.get(term).copied().unwrap_or(0));
            ((count - having + 0.5) / (having + 0.5)).ln().max(RARITY_MIN)
        };
        let rarest = terms.iter().map(rarity).fold(0.0, f64::max);
        // A word that nobody knows is a word all the same.
        let rarity = if terms.is_empty() { (count + 0.5).ln() } else { rarest };
        rarity * (1.0 + BM25_K1)
    }

    /// The procedures whose name or alias is asked for, word by word.
    fn asked_by_name(&self, terms: &[Vec<String>]) -> &[usize] {
        let mut first: Vec<String> = terms.iter().filter_map(|terms| terms.first().cloned()).collect();
        first.sort();
        self.names.get(&first).map(Vec::as_slice).unwrap_or_default()
    }

    fn understand(&self, text: &str) -> Asked {
        let mut asked = Asked::default();
        let mut meant: Vec<Vec<String>> = Vec::new();
        let mut words = words::meaningful(text);
        words.truncate(QUESTION_WORDS_MAX);
        for word in self.joined(words) {
            let stem = words::stem(&word);
            if self.procedures_of.contains_key(&stem) {
                meant.push(vec![stem]);
                continue;
            }
            match self.spelling.meant(&word) {
                Meant::Words(candidates) => {
                    let likeliest = candidates[0].0.clone();
                    asked.taken.push(Taken { word, meant: likeliest });
                    meant.push(candidates.into_iter().map(|(_, stem)| stem).collect());
                }
                Meant::Nothing => {}
                Meant::Unknown => {
                    asked.unknown.push(word);
                    asked.terms.push(Vec::new());
                }
            }
        }
        let likeliest: Vec<&str> = meant.iter().map(|stems| stems[0].as_str()).collect();
        let mut sequence: Vec<String> = Vec::new();
        let mut at = 0;
        while at < meant.len() {
            let (terms, used) = match self.thesaurus.begins(&likeliest[at..]) {
                Some((term, used)) => (vec![term], used),
                None => (meant[at].clone(), 1),
            };
            sequence.push(terms[0].clone());
            // Who says a word twice does not ask for it twice.
            if !asked.terms.contains(&terms) {
                asked.terms.push(terms);
            }
            at += used;
        }
        asked.pairs = pairs_of(&sequence).filter(|pair| self.procedures_of.contains_key(pair)).collect();
        asked
    }

    /// Two words that nobody knows, and that are one when they are joined: `pre dial`.
    fn joined(&self, words: Vec<String>) -> Vec<String> {
        let is_known = |word: &str| self.procedures_of.contains_key(&words::stem(word));
        let mut joined: Vec<String> = Vec::with_capacity(words.len());
        for word in words {
            match joined.last_mut() {
                Some(last) if !is_known(last) && !is_known(&word) && is_known(&format!("{last}{word}")) => {
                    last.push_str(&word);
                }
                Some(_) | None => joined.push(word),
            }
        }
        joined
    }

    /// Neighbours in the names of a procedure and in what citizens call it.
    fn pairs(&self, procedure: &Procedure, asked_as: &[String]) -> BTreeSet<String> {
        let names = procedure.aliases.iter().chain([&procedure.name]).chain(asked_as);
        names
            .flat_map(|name| {
                pairs_of(&self.thesaurus.terms(&stems(&words::meaningful(name)))).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// Neighbours as terms of their own, in either order: a letter and `0` and a letter are no word and no group.
fn pairs_of(terms: &[String]) -> impl Iterator<Item = String> {
    terms.windows(2).filter_map(|two| {
        let [one, other] = two else { return None };
        let (one, other) = if one <= other { (one, other) } else { (other, one) };
        (one != other).then(|| format!("{one}0{other}"))
    })
}

fn stems(words: &[String]) -> Vec<String> {
    words.iter().map(|word| words::stem(word)).collect()
}

fn columns(procedure: &Procedure, asked_as: &[String]) -> [String; 5] {
    let mut needed = procedure.requirements.join(" ");
    for more in [&procedure.institution, &procedure.place, &procedure.cost] {
        needed.push(' ');
        needed.push_str(more);
    }
    [procedure.name.clone(), procedure.aliases.join(" "), asked_as.join(" "), needed, procedure.body.clone()]
}
