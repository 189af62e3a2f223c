//! A PostgreSQL of a test's own: its own folder, a free port of the loopback, its own user.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use turno_ground::Secret;
use turno_history::store::Store;
use turno_model::plan::HistoryPlan;

use crate::history::postgres::PostgresStore;

const PASSWORD: &str = "correct horse";

/// A running cluster; dropping it stops it and removes its folder.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    /// The user and group as which it runs, if the test runs as root.
    user: Option<(u32, u32)>,
}

impl Cluster {
    /// A new one; `None`, and a line that says so, if PostgreSQL is not installed.
    pub(crate) fn start(name: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("PostgreSQL is not installed (apt-get install postgresql): its tests are left out");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("turno-postgres-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let user = rustix::process::geteuid().is_root().then(user_of_postgres);
        let cluster = Self { programs, folder, port, user };
        cluster.own(&cluster.folder);
        let file = cluster.write("password", PASSWORD);
        cluster.does(
            "initdb",
            &["-U", "turno", "--auth=scram-sha-256", "--no-sync", "--pwfile", &file, "-D", &cluster.data()],
        );
        cluster.certify();
        cluster.starts();
        Some(cluster)
    }

    /// Starts it, or starts it again, and waits until it answers.
    pub(crate) fn starts(&self) {
        let settings = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off -c ssl=on",
            self.port,
            self.folder.display()
        );
        let log = self.folder.join("log").display().to_string();
        self.does("pg_ctl", &["start", "-w", "-D", &self.data(), "-l", &log, "-o", &settings]);
    }

    /// Stops it, and with it all connections.
    pub(crate) fn stops(&self) {
        self.does("pg_ctl", &["stop", "-w", "-m", "fast", "-D", &self.data()]);
    }

    /// Where it is, with this schema, and the password that opens it.
    pub(crate) fn plan(&self, schema: &str) -> HistoryPlan {
        let url =
            format!("postgres://turno@127.0.0.1:{}/postgres?options=-csearch_path%3D{schema}", self.port);
        HistoryPlan { url: Some(url), password: Secret::new(PASSWORD), ..HistoryPlan::default() }
    }

    /// A way to open a schema of its own.
    pub(crate) fn opens(&self, schema: &str) -> impl Fn() -> Box<dyn Store + Send> + use<> {
        let plan = self.plan(schema);
        let made = PostgresStore::new(&plan)
            .expect("a place")
            .transaction(&mut |sql| sql.script(&format!("CREATE SCHEMA {schema}")));
        made.expect("a schema");
        move || Box::new(PostgresStore::new(&plan).expect("a place"))
    }

    /// The file with the authority by which its certificate is signed.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// A certificate for the loopback, and its authority.
    fn certify(&self) {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut params = rcgen::CertificateParams::new(Vec::new()).expect("an authority");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority = params.self_signed(&key).expect("an authority");
        let issuer = rcgen::Issuer::new(params, key);
        let own = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let certificate = params.signed_by(&own, &issuer).expect("a certificate");
        self.write("authority.pem", &authority.pem());
        self.write("data/server.crt", &certificate.pem());
        self.write("data/server.key", &own.serialize_pem());
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// Writes a file that only its user reads.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        self.own(&path);
        path.display().to_string()
    }

    fn own(&self, path: &Path) {
        if let Some((user, group)) = self.user {
            chown(path, Some(user), Some(group)).expect("root may give it away");
        }
    }

    fn does(&self, program: &str, words: &[&str]) {
        let mut command = Command::new(self.programs.join(program));
        command.args(words).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let status = command.status().expect("it is installed");
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(status.success(), "{program} {words:?}\n{log}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A test that fails while it stands still has stopped it already.
        if Path::new(&self.data()).join("postmaster.pid").exists() && !std::thread::panicking() {
            self.stops();
        } else if let Ok(text) = fs::read_to_string(Path::new(&self.data()).join("postmaster.pid"))
            && let Some(pid) =
                text.lines().next().and_then(|line| rustix::process::Pid::from_raw(line.parse().ok()?))
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of Debian's newest PostgreSQL.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

/// Debian's user for it: it refuses to run as root.
fn user_of_postgres() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("the users");
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("the user of PostgreSQL");
    let number =
        |place: usize| line.split(':').nth(place).and_then(|text| text.parse().ok()).expect("a number");
    (number(2), number(3))
}
