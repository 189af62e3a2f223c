//! The first site's own procedures.

use std::path::Path;

use crate::library::Library;

fn library() -> Library {
    Library::read(Path::new("../../sip-config/quito/procedures"), &|_| true).expect("the site's procedures")
}

#[test]
fn the_site_has_its_procedures_each_with_source_and_day_and_what_is_not_confirmed_says_so() {
    let library = library();
    let procedures = library.procedures();
    let (referrals, own): (Vec<_>, Vec<_>) =
        procedures.iter().partition(|procedure| procedure.id.starts_with("otra-"));
    assert!(own.len() >= 35, "{}", own.len());
    assert!(referrals.len() >= 10, "{}", referrals.len());
    for procedure in procedures {
        assert!(!procedure.sources.is_empty(), "{}", procedure.id);
        let says_so = procedure.body.ends_with("Por confirmar con la institución.");
        assert_eq!(says_so, procedure.confirmed_on.is_none(), "{}", procedure.id);
        assert!(procedure.wrap_up.is_some(), "{}", procedure.id);
    }
}

#[test]
fn a_citizen_who_says_the_name_of_a_procedure_gets_it_first() {
    let library = library();
    for procedure in library.procedures() {
        let answer = library.search(&procedure.name, 3);
        let first = &library.procedures()[answer.hits[0].place];
        assert_eq!(first.id, procedure.id, "{}", procedure.name);
        assert!(answer.hits[0].score > 0.6, "{}: {}", procedure.id, answer.hits[0].score);
    }
}
