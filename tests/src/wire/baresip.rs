//! baresip, a third-party softphone: it plays a tone, and records what it hears in a WAV file.

use core::time::Duration;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::wire::folder::Folder;
use crate::wire::program::Program;
use crate::wire::server::Server;
use crate::wire::tone;

/// Its port for commands, over TCP.
const KEYS_PORT: u16 = 4444;

/// Its SIP port.
const SIP_PORT: u16 = 5070;

/// How long baresip may take to hang up, remove its registration and close its files.
const END_SPAN: Duration = Duration::from_secs(10);

/// baresip ignores loopback interfaces; this preloaded library makes it treat loopback as a normal interface.
const SHIM: &str = "int sa_is_loopback(const void *sa)\n{\n\t(void)sa;\n\treturn 0;\n}\n";

/// Folders of baresip's modules on Debian and others.
const MODULE_FOLDERS: [&str; 4] = [
    "/usr/lib/baresip/modules",
    "/usr/lib/x86_64-linux-gnu/baresip/modules",
    "/usr/lib/aarch64-linux-gnu/baresip/modules",
    "/usr/local/lib/baresip/modules",
];

/// The encryption of a phone.
#[derive(Clone, Copy, Debug)]
pub struct Encryption<'a> {
    /// The trusted roots; `None`: UDP.
    pub roots: Option<&'a Path>,
    /// baresip's setting: `srtp` (RTP/AVP with keys), `srtp-mand` (RTP/SAVP); `None`: plain RTP.
    pub media: Option<&'static str>,
}

/// No encryption.
const PLAIN: Encryption<'static> = Encryption { roots: None, media: None };

impl Encryption<'_> {
    fn transport(&self) -> &'static str {
        if self.roots.is_some() { "tls" } else { "udp" }
    }

    fn at(&self, server: &Server) -> SocketAddr {
        if self.roots.is_some() { server.sips() } else { server.sip() }
    }

    /// The media parameters of the account.
    fn words(&self) -> String {
        self.media.map_or_else(String::new, |word| format!(";mediaenc={word}"))
    }

    /// Additional lines of the configuration.
    fn lines(&self) -> String {
        let mut lines = String::from("module\tsrtp.so\n");
        if let Some(roots) = self.roots {
            lines += &format!("sip_cafile\t{}\n", roots.display());
        }
        lines
    }
}

/// A running baresip.
#[derive(Debug)]
pub struct Baresip {
    program: Program,
    heard: PathBuf,
    keys: SocketAddr,
}

impl Baresip {
    /// A phone at `ip` that registers as agent `name` of the lab and answers at once.
    pub fn agent(server: &Server, name: &str, ip: IpAddr, hertz: u32) -> Self {
        Self::seat(server, (name, "lab"), ip, hertz)
    }

    /// A phone at `ip` that registers as a seat with its password, and answers at once.
    pub fn seat(server: &Server, (name, password): (&str, &str), ip: IpAddr, hertz: u32) -> Self {
        Self::encrypted_seat(server, (name, password), ip, hertz, PLAIN)
    }

    /// Agent `name` of the lab with Opus before G.711.
    pub fn opus_seat(server: &Server, name: &str, ip: IpAddr, hertz: u32) -> Self {
        let to = server.sip();
        let account = format!(
            "<sip:{name}@{to};transport=udp>;auth_user={name};auth_pass=lab;regint=60;answermode=auto;\
             audio_codecs=opus/48000/2,PCMA"
        );
        Self::start(server.folder(), (name, ip), &account, hertz, (None, PLAIN))
    }

    /// Agent `name` of the lab, at the IPv6 loopback address, registering at `to`.
    pub fn agent_on_ipv6(server: &Server, name: &str, to: SocketAddr, hertz: u32) -> Self {
        let account = format!(
            "<sip:{name}@{to};transport=udp>;auth_user={name};auth_pass=lab;regint=60;answermode=auto;\
             audio_codecs=PCMA"
        );
        Self::start(server.folder(), (name, to.ip()), &account, hertz, (None, PLAIN))
    }

    /// The same, with encryption.
    pub fn encrypted_seat(
        server: &Server,
        (name, password): (&str, &str),
        ip: IpAddr,
        hertz: u32,
        encryption: Encryption<'_>,
    ) -> Self {
        let (to, by, media) = (encryption.at(server), encryption.transport(), encryption.words());
        let account = format!(
            "<sip:{name}@{to};transport={by}>;auth_user={name};auth_pass={password};regint=60;answermode=auto;\
             audio_codecs=PCMA{media}"
        );
        Self::start(server.folder(), (name, ip), &account, hertz, (None, encryption))
    }

    /// Dials `number`, as a person at the keys.
    pub fn dial(&self, server: &Server, number: &str) {
        let order = format!("{{\"command\":\"dial\",\"params\":\"sip:{number}@{}\"}}", server.sip());
        let mut keys = TcpStream::connect(self.keys).expect("baresip listens to orders");
        // A netstring: its length, a colon, the text, a comma.
        write!(keys, "{}:{order},", order.len()).expect("baresip listens to orders");
        let mut answer = [0; 64];
        keys.set_read_timeout(Some(END_SPAN)).expect("a span that is not zero");
        let length = keys.read(&mut answer).expect("baresip answers orders");
        assert!(length > 0, "baresip closed the door:\n{}", self.program.tail());
    }

    /// A caller's phone at `ip` that dials `number` as soon as it runs.
    pub fn citizen(server: &Server, name: &str, ip: IpAddr, hertz: u32, number: &str) -> Self {
        Self::encrypted_citizen(server, (name, ip), hertz, number, PLAIN)
    }

    /// The same, with encryption.
    pub fn encrypted_citizen(
        server: &Server,
        (name, ip): (&str, IpAddr),
        hertz: u32,
        number: &str,
        encryption: Encryption<'_>,
    ) -> Self {
        let (to, by, media) = (encryption.at(server), encryption.transport(), encryption.words());
        let account =
            format!("<sip:{name}@{to};transport={by}>;regint=0;answermode=manual;audio_codecs=PCMU{media}");
        let dial = format!("/dial sip:{number}@{to}");
        Self::start(server.folder(), (name, ip), &account, hertz, (Some(&dial), encryption))
    }

    /// Its output.
    pub fn said(&self) -> String {
        self.program.tail()
    }

    /// Ends it like Ctrl-C, and returns the file with what it heard.
    pub fn stop(mut self) -> PathBuf {
        self.program.terminate();
        assert!(self.program.wait(END_SPAN).is_some(), "baresip does not end:\n{}", self.program.tail());
        let files = std::fs::read_dir(&self.heard).expect("the test's folder can be read");
        let mut heard: Vec<PathBuf> =
            files.filter_map(Result::ok).map(|file| file.path()).filter(|file| is_heard(file)).collect();
        heard.sort();
        heard.pop().unwrap_or_else(|| panic!("baresip heard nothing at all:\n{}", self.program.tail()))
    }

    fn start(
        folder: &Folder,
        (name, ip): (&str, IpAddr),
        account: &str,
        hertz: u32,
        (command, encryption): (Option<&str>, Encryption<'_>),
    ) -> Self {
        let home = folder.join(&format!("baresip-{name}"));
        let heard = home.join("heard");
        std::fs::create_dir_all(&heard).expect("the test's folder can be written");
        let said = home.join("tone.wav");
        tone::write_tone(&said, hertz, 60);
        let modules =
            MODULE_FOLDERS.iter().find(|folder| Path::new(folder).is_dir()).expect("baresip's modules");
        let (sip, keys) = (address(ip, SIP_PORT), address(ip, KEYS_PORT));
        let family = if ip.is_ipv6() { "net_af\tipv6\nnet_prefer_ipv6\tyes\n" } else { "" };
        let config = format!(
            "poll_method\tepoll\nsip_listen\t{sip}\n{family}net_interface\tlo\naudio_source\taufile,{said}\n\
             audio_player\taubridge,nobody\naudio_alert\taubridge,nobody\nausrc_srate\t8000\nauplay_srate\t8000\n\
             ausrc_channels\t1\nauplay_channels\t1\nrtp_ports\t40000-40100\nrtcp_mux\tno\nsnd_path\t{heard}\n\
             module_path\t{modules}\nmodule\tg711.so\nmodule\topus.so\nmodule\taufile.so\nmodule\taubridge.so\nmodule\tsndfile.so\n\
             module_tmp\taccount.so\nmodule_app\tmenu.so\n\
             module_app\tctrl_tcp.so\nctrl_tcp_listen\t{keys}\n{more}",
            said = said.display(),
            heard = heard.display(),
            more = encryption.lines(),
        );
        std::fs::write(home.join("config"), config).expect("the test's folder can be written");
        std::fs::write(home.join("accounts"), format!("{account}\n"))
            .expect("the test's folder can be written");
        let mut baresip = Command::new("baresip");
        baresip.arg("-f").arg(&home).env("LD_PRELOAD", shim(folder)).current_dir(&home);
        if let Some(command) = command {
            baresip.args(["-e", command]);
        }
        let program = Program::start(&mut baresip, &home.join("said.txt"));
        Self { program, heard, keys }
    }
}

/// The port of a phone. There is only one IPv6 loopback address, so each run has its own ports there.
fn address(ip: IpAddr, port: u16) -> SocketAddr {
    let own = u16::try_from(std::process::id() % 2_000).unwrap_or(0) * 4;
    SocketAddr::new(ip, if ip.is_ipv4() { port } else { 12_000 + own + u16::from(port == KEYS_PORT) })
}

/// A free port for a server on the IPv6 loopback address, outside the range of the phones.
pub fn server_port_on_ipv6() -> u16 {
    address(IpAddr::V6(Ipv6Addr::LOCALHOST), SIP_PORT).port() + 2
}

/// Whether sndfile wrote this file from received audio.
fn is_heard(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().ends_with("dec.wav"))
}

/// The preloaded library; builds it if necessary.
fn shim(folder: &Folder) -> PathBuf {
    let library = folder.join("loopback.so");
    if !library.exists() {
        let source = folder.join("loopback.c");
        std::fs::write(&source, SHIM).expect("the test's folder can be written");
        let status = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
        assert!(status.is_ok_and(|status| status.success()), "cc does not build three lines of C");
    }
    library
}
