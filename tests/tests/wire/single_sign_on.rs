//! People sign in to the API by an OpenID Connect issuer: oidc-provider, with curl as their browser.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use core::time::Duration;

use turno_tests::wire::{Folder, Program, Server, is_missing};

/// Where `make test` puts packages of npm.
const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/node");

/// An issuer that signs everybody in as the same person.
struct Issuer {
    folder: Folder,
    at: String,
    _program: Program,
}

impl Issuer {
    /// `None`, and the reason is written, if the package is not there.
    fn starts() -> Option<Self> {
        if is_missing(&["node", "curl"]) {
            return None;
        }
        if !Path::new(PACKAGES).join("node_modules/oidc-provider").is_dir() {
            eprintln!("oidc-provider is not installed (make packages): its test is left out");
            return None;
        }
        let folder = Folder::new();
        // Node looks for packages beside the program.
        let script = Path::new(PACKAGES).join(format!("issuer-{}.mjs", std::process::id()));
        let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/oidc_provider.mjs");
        std::fs::copy(ours, &script).expect("the folder can be written");
        std::fs::write(folder.join("claims.json"), "{}").expect("the folder can be written");
        let said = folder.join("issuer.txt");
        let mut command = Command::new("node");
        command.arg(&script).env("CLAIMS", folder.join("claims.json"));
        let mut program = Program::start(&mut command, &said);
        let mut at = String::new();
        while at.is_empty() {
            let ended = program.wait(Duration::from_millis(20));
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            assert!(ended.is_none(), "the issuer ended: {text}");
            let line = text.lines().find(|line| line.starts_with("http://localhost:"));
            at = line.filter(|_| text.ends_with('\n')).unwrap_or_default().to_owned();
        }
        std::fs::remove_file(&script).expect("it was written");
        Some(Self { folder, at, _program: program })
    }

    /// From now on everybody is this person.
    fn says(&self, claims: &str) {
        std::fs::write(self.folder.join("claims.json"), claims).expect("the folder can be written");
    }

    /// A browser of its own, which keeps cookies.
    fn browser(&self, name: &str, to: SocketAddr) -> Browser {
        Browser { cookies: self.folder.join(name), to }
    }
}

struct Browser {
    cookies: PathBuf,
    to: SocketAddr,
}

impl Browser {
    /// Opens a page of turno, goes wherever it is sent, and returns the status and the body of the last answer.
    fn opens(&self, path: &str, more: &[&str]) -> (String, String) {
        let answer: Output = Command::new("curl")
            .args(["--silent", "--show-error", "--location", "--max-redirs", "9", "--max-time", "20"])
            .args(["--write-out", "\n%{http_code}", "--cookie-jar"])
            .arg(&self.cookies)
            .arg("--cookie")
            .arg(&self.cookies)
            .args(more)
            .arg(format!("http://{}{path}", self.to))
            .output()
            .expect("curl is installed");
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        let (body, status) = text.rsplit_once('\n').unwrap_or(("", ""));
        assert!(!status.is_empty(), "{}", String::from_utf8_lossy(&answer.stderr));
        (status.to_owned(), body.to_owned())
    }
}

#[test]
fn people_sign_in_by_an_issuer_and_get_the_role_of_their_group() {
    let Some(issuer) = Issuer::starts() else { return };
    let tables = format!(
        "[api]\nlisten = \"127.0.0.1:8081\"\n\n[oidc]\nissuer = \"{}\"\nclient = \"turno\"\n\
         back = \"http://127.0.0.1:8081/api/v1/oidc/back\"\n\n[http]",
        issuer.at
    );
    let server = Server::lab_kept_with(&[("[http]", &tables)]);
    let to = SocketAddr::new(server.http().ip(), 8081);

    issuer.says(r#"{"sub": "7", "preferred_username": "ana", "groups": ["staff", "turno-supervisors"], "queues": ["lab"]}"#);
    let ana = issuer.browser("ana", to);
    let (status, page) = ana.opens("/api/v1/oidc/start", &[]);
    assert!(status == "200" && page.contains("Continuar"), "{status} {page}");
    let (status, who) = ana.opens("/api/v1/session", &[]);
    assert_eq!(status, "200", "{who}");
    for part in [r#""name":"ana""#, r#""role":"supervisor""#, r#""queues":["lab"]"#] {
        assert!(who.contains(part), "{part} in {who}");
    }
    assert_eq!(ana.opens("/api/v1/bans", &[]).0, "403", "a supervisor does not see bans");

    // The group has changed: so has the role at the next sign-in, and the old session has ended.
    issuer.says(r#"{"sub": "7", "preferred_username": "ana", "groups": ["turno-readers"]}"#);
    let again = issuer.browser("again", to);
    assert_eq!(again.opens("/api/v1/oidc/start", &[]).0, "200");
    assert!(again.opens("/api/v1/session", &[]).1.contains(r#""role":"reader""#));
    assert_eq!(ana.opens("/api/v1/session", &[]).0, "401");

    issuer.says(r#"{"sub": "8", "preferred_username": "eva", "groups": ["staff"]}"#);
    let eva = issuer.browser("eva", to);
    let (status, why) = eva.opens("/api/v1/oidc/start", &[]);
    assert!(status == "403" && why.contains("no group"), "{status} {why}");

    // What comes back without having been sent, or at another browser, is nobody's.
    for foreign in ["?code=x&state=y", "?state=y", "", "?error=access_denied&state=y"] {
        let stranger = issuer.browser("stranger", to);
        assert_eq!(stranger.opens(&format!("/api/v1/oidc/back{foreign}"), &[]).0, "400", "{foreign}");
    }
    server.stop();
}
