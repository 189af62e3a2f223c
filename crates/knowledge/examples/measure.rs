//! How fast the search is with 5,000 made procedures: `cargo run --release -p turno-knowledge --example measure`. With a folder and
//! files of questions: how often it finds the right one, as figures alone.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement says what it measured")]

use std::path::Path;
use std::time::Instant;

use turno_knowledge::{Library, Question, evaluate, read_questions, to_markdown};

/// How often each question is asked.
const ROUNDS: u64 = 50;

/// How many procedures are made.
const PROCEDURES: usize = 5_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((folder, files)) => figures(Path::new(folder), files),
        None => speed(),
    }
}

fn figures(folder: &Path, files: &[String]) {
    let library = Library::read(folder, &|_| true).expect("procedures");
    for file in files {
        let text = std::fs::read_to_string(file).expect("a file of questions");
        let is_answered = |line: &str| line.contains('\t');
        if !text.lines().any(is_answered) {
            let scores = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            sureness(file, &scores.map(|line| (best(&library, line).0, false)).collect::<Vec<_>>());
            continue;
        }
        let questions: Vec<Question> = read_questions(&text, &library).expect("questions");
        let sure = |question: &Question| {
            let (score, id) = best(&library, &question.text);
            (score, question.right.contains(&id))
        };
        sureness(file, &questions.iter().map(sure).collect::<Vec<_>>());
        let result = evaluate(&library, &questions);
        println!(
            "{file}: {} questions, first {:.3}, recall@3 {:.3}, MRR {:.3}",
            result.questions, result.first, result.recall_at_3, result.mean_reciprocal_rank
        );
        if std::env::var_os("WORST").is_some() {
            for bad in result.worst {
                let rank = bad.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
                println!(
                    "{rank:>3} {} | {} | {}",
                    bad.question.text,
                    bad.question.right.join(" "),
                    bad.first.unwrap_or_default()
                );
            }
        }
    }
}

/// The score of the first procedure, and its name.
fn best(library: &Library, question: &str) -> (f64, String) {
    let hits = library.search(question, 1).hits;
    hits.first().map_or((0.0, String::new()), |hit| (hit.score, library.procedures()[hit.place].id.clone()))
}

/// How many questions get a first procedure of some score, and how many of those get the right one.
fn sureness(file: &str, scores: &[(f64, bool)]) {
    for least in [0.2, 0.3, 0.4, 0.5] {
        let sure: Vec<_> = scores.iter().filter(|(score, _)| *score >= least).collect();
        let right = sure.iter().filter(|(_, is_right)| *is_right).count();
        println!("{file}: score {least} or more: {} of {}, right {right}", sure.len(), scores.len());
    }
}

/// The first site's cards again and again, each with names of its own.
fn speed() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/quito/procedures");
    let cards = Library::read(&site, &|_| true).expect("the site's procedures");
    let folder = std::env::temp_dir().join(format!("turno-measure-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let parts = [
        "norte", "sur", "centro", "valle", "rural", "anual", "nuevo", "especial", "menor", "mayor", "digital",
    ];
    for number in 0..PROCEDURES {
        let mut card = cards.procedures()[number % cards.procedures().len()].clone();
        let word: String = (0..3).map(|at| parts[(number / 11_usize.pow(at)) % 11]).collect();
        card.id = format!("{}-{number}", card.id);
        card.name = format!("{} {word} {number}", card.name);
        card.related.clear();
        std::fs::write(folder.join(format!("{}.md", card.id)), to_markdown(&card)).expect("a file");
    }
    let begin = Instant::now();
    let library = Library::read(&folder, &|_| true).expect("the made procedures");
    println!(
        "{} procedures are read and indexed in {} ms",
        library.procedures().len(),
        begin.elapsed().as_millis()
    );
    let questions = [
        "cuanto debo pagar por el impuesto de mi casa en el sur",
        "sacar la lisensia del local para un restaurante nuevo",
        "perdi la matricula del carro y me robaron las plakas",
        "permiso",
        "mi mama tiene setenta años y vive sola en el valle, le toca pagar el impuesto predial o hay descuento para la tercera edad",
        "patente patente registro escritura certificado inmueble vehiculo licencia plano agua",
    ];
    for question in questions {
        let mut walls: Vec<u128> = Vec::new();
        let on_core = nanoseconds_on_core();
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            let answer = library.search(question, 10);
            walls.push(begin.elapsed().as_micros());
            assert!(!answer.hits.is_empty(), "nothing is found");
        }
        let mean = (nanoseconds_on_core() - on_core) / (1_000 * ROUNDS);
        walls.sort_unstable();
        println!(
            "{mean:>6} us of a core, {:>6} us by the clock (median): {question}",
            walls[walls.len() / 2]
        );
    }
    std::fs::remove_dir_all(&folder).expect("the folder is there");
}

/// How long this thread has had a core: what else runs on the machine does not count.
fn nanoseconds_on_core() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux has it");
    text.split(' ').next().and_then(|word| word.parse().ok()).expect("a number")
}
