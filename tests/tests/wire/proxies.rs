//! Browsers' phones behind nginx and HAProxy, with the settings of docs/BROWSER.md.

use core::time::Duration;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use turno_tests::wire::{API_PORT, JsPhone, Page, Program, Server, Shows, Softphone, is_missing};

const BROWSER: (&str, &str) = ("[http]", "[api]\nlisten = \"127.0.0.1:8081\"\n\n[browser]\n\n[http]");
const DESK: &str = "8f1fa16a-1165-4a96-8341-785b1ef24f12";
const PROXY_PORT: u16 = 18_081;

/// How long a talk says nothing over SIP: more than a minute shows that no proxy's usual limit ends it.
const IDLE: &str = "TURNO_IDLE_SECONDS";

/// The settings of the documentation, in the block of this kind.
fn documented(kind: &str) -> String {
    let page = include_str!("../../../docs/BROWSER.md");
    let block = page.split_once(&format!("```{kind}\n")).and_then(|(_, rest)| rest.split_once("```"));
    block.expect("docs/BROWSER.md has it").0.to_owned()
}

fn at_proxy(server: &Server) -> SocketAddr {
    SocketAddr::new(server.http().ip(), PROXY_PORT)
}

/// Waits until somebody listens there.
fn listens(proxy: &mut Program, at: SocketAddr) {
    for _ in 0..200 {
        if std::net::TcpStream::connect(at).is_ok() {
            return;
        }
        assert!(proxy.wait(Duration::from_millis(50)).is_none(), "the proxy has ended: {}", proxy.tail());
    }
    panic!("the proxy does not listen: {}", proxy.tail());
}

/// A page registers through the proxy, talks, says nothing for a while, and hangs up.
fn talks_through(proxy: impl FnOnce(&Path, SocketAddr, SocketAddr) -> Command) {
    if !JsPhone::is_there() {
        return;
    }
    let mut server = Server::lab_kept_with(&[BROWSER]);
    let (web, through) = (SocketAddr::new(server.http().ip(), API_PORT), at_proxy(&server));
    let folder = server.folder().path().join("proxy");
    std::fs::create_dir_all(&folder).expect("the test's folder can be written");
    let mut command = proxy(&folder, web, through);
    let mut proxy = Program::start(&mut command, &folder.join("said"));
    listens(&mut proxy, through);
    let page = Page::of_agent(&server, "ana", "a001");
    let mut phone = JsPhone::start(through, "a001", Shows::Cookie(&page.cookie), DESK);
    phone.says("registered");
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    phone.says("rings");
    phone.does("answer");
    line.is_answered(call);
    phone.says("confirmed");
    let idle = std::env::var(IDLE).ok().and_then(|span| span.parse().ok()).unwrap_or(2);
    assert!(proxy.wait(Duration::from_secs(idle)).is_none(), "the proxy has ended: {}", proxy.tail());
    assert!(!phone.has_said("disconnected"), "the connection has outlived {idle} s without a message");
    line.hangs_up(call);
    phone.says("ended remote");
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    drop(phone);
    server.stop();
}

#[test]
fn a_page_talks_through_nginx() {
    if is_missing(&["nginx"]) {
        return;
    }
    talks_through(|folder, web, through| {
        let location = documented("nginx").replace("127.0.0.1:8081", &web.to_string());
        let own = folder.display();
        let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {own}/{kind};\n"))
            .collect();
        let settings = format!(
            "daemon off;\nmaster_process off;\npid {own}/pid;\nerror_log stderr;\nevents {{}}\n\
             http {{\naccess_log off;\n{paths}server {{\nlisten {through};\n{location}}}\n}}\n"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings).expect("the test's folder can be written");
        let mut nginx = Command::new("nginx");
        nginx.arg("-c").arg(file).arg("-p").arg(folder).args(["-e", "stderr"]);
        nginx
    });
}

#[test]
fn a_page_talks_through_haproxy() {
    if is_missing(&["haproxy"]) {
        return;
    }
    talks_through(|folder, web, through| {
        let settings = documented("haproxy")
            .replace(":443 ssl crt /etc/haproxy/turno.pem", &through.to_string())
            .replace("127.0.0.1:8081", &web.to_string());
        let file = folder.join("haproxy.cfg");
        std::fs::write(&file, settings).expect("the test's folder can be written");
        let mut haproxy = Command::new("haproxy");
        haproxy.arg("-db").arg("-f").arg(file);
        haproxy
    });
}
