//! Answers of servers that mean harm or are broken: each is one clear error, soon, and in bounded memory. What a real
//! server answers is tested in tests/python.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use modelium_core::deploy::triton::{IndexEntry, Load, ModelControl as _, health};
use modelium_core::{CancelToken, Context, ErrorKind};
use modelium_triton::{ServerOptions, TritonServer};

/// Listens on a free port and gives each connection to `answer`, with the head of the request.
fn server(answer: impl Fn(&str, TcpStream) + Send + Sync + 'static) -> TritonServer {
    server_with(ServerOptions { timeout: Duration::from_millis(500), ..ServerOptions::default() }, answer)
}

fn server_with(options: ServerOptions, answer: impl Fn(&str, TcpStream) + Send + Sync + 'static) -> TritonServer {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
                head.push(byte[0]);
            }
            answer(&String::from_utf8_lossy(&head), stream);
        }
    });
    TritonServer::new(&format!("http://{address}"), options).expect("a URL")
}

fn respond(mut stream: TcpStream, status: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let _ = stream.write_all(text.as_bytes());
}

fn cx() -> Context {
    Context::new()
}

#[test]
fn a_server_as_it_should_be() {
    let server = server(|request, stream| match request.lines().next().unwrap_or_default() {
        "GET /v2/health/live HTTP/1.1"
        | "GET /v2/models/m/versions/2/ready HTTP/1.1"
        | "POST /v2/repository/models/m/load HTTP/1.1" => respond(stream, "200 OK", ""),
        "GET /v2/health/ready HTTP/1.1" => respond(stream, "400 Bad Request", ""),
        "POST /v2/repository/index HTTP/1.1" => respond(
            stream,
            "200 OK",
            r#"[{"name":"m","version":"1","state":"UNAVAILABLE","reason":"unloaded"},{"name":"m","version":"2","state":"READY"},{"name":"n"}]"#,
        ),
        _ => respond(stream, "400 Bad Request", r#"{"error":"Model version not ready"}"#),
    });
    assert!(server.live(&cx()).expect("an answer"));
    assert!(!server.ready_all(&cx()).expect("an answer"));
    assert!(server.ready("m", Some(2), &cx()).expect("an answer"));
    assert!(!server.ready("m", Some(1), &cx()).expect("an answer"));
    assert_eq!(server.load("m", &cx()).expect("an answer"), Load::Done);
    let row = |version, state: &str, reason: &str| IndexEntry {
        name: "m".into(),
        version: Some(version),
        state: state.into(),
        reason: reason.into(),
    };
    let index = server.index(&cx()).expect("an answer");
    assert_eq!(index[..2], [row(1, "UNAVAILABLE", "unloaded"), row(2, "READY", "")]);
    assert_eq!((index[2].name.as_str(), index[2].version), ("n", None));
    let health = health(&server, None, &cx()).expect("an answer");
    let reasons: Vec<_> = health.models.iter().map(|model| model.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("unloaded"), None, Some("it was never loaded")]);
}

#[test]
fn the_servers_own_words_are_the_error() {
    let server = server(|_, stream| {
        let body = r#"{"error":"load failed for model 'm': version 2 is at UNAVAILABLE state: Internal: refused\n\nAt:\n  model.py(210): refuse\n;\n"}"#;
        respond(stream, "400 Bad Request", body);
    });
    let error = server.load("m", &cx()).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert_eq!(error.message(), "load failed for model 'm': version 2 is at UNAVAILABLE state: Internal: refused");
    assert!(error.notes()[0].contains("model.py(210)"));
}

#[test]
fn a_server_that_loads_by_itself_is_no_error() {
    let server = server(|_, stream| {
        let body = r#"{"error":"explicit model load / unload is not allowed if polling is enabled"}"#;
        respond(stream, "503 Service Unavailable", body);
    });
    assert_eq!(server.load("m", &cx()).expect("an answer"), Load::NotExplicit);
}

#[test]
fn nobody_listening_tells_what_to_check() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a free port").port();
    let server = TritonServer::new(&format!("127.0.0.1:{port}"), ServerOptions::default()).expect("a URL");
    let error = server.live(&cx()).expect_err("nobody");
    assert_eq!(error.message(), format!("nobody listens at http://127.0.0.1:{port}/v2/health/live"));
    assert!(error.notes()[0].starts_with("start the server, or check host and port"));
}

#[test]
fn a_server_that_hangs_or_drips_is_given_up() {
    for drip in [false, true] {
        let server = server(move |_, mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
            for _ in 0..40 {
                thread::sleep(Duration::from_millis(100));
                if drip && stream.write_all(b" ").is_err() {
                    return;
                }
            }
        });
        let start = Instant::now();
        let error = server.index(&cx()).expect_err("late");
        assert!(error.message().ends_with("/v2/repository/index within 500ms"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(3));
    }
}

#[test]
fn an_endless_answer_is_cut() {
    let options = ServerOptions { max_answer_bytes: 1 << 20, ..ServerOptions::default() };
    let server = server_with(options, |_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n[");
        while stream.write_all(&[b' '; 1 << 12]).is_ok() {}
    });
    let error = server.index(&cx()).expect_err("endless");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.message().ends_with("is longer than 1048576 bytes"), "{error}");
}

#[test]
fn what_is_no_triton_is_named() {
    for (status, body, what) in [
        ("200 OK", "<html>welcome</html>", "it answers with a web page"),
        ("200 OK", "[{\"name\":", "it answers with EOF while parsing"),
        ("200 OK", "{\"models\":[]}", "it answers with invalid type: map"),
        ("404 Not Found", "nothing here", "it answers with status 404"),
    ] {
        let server = server(move |_, stream| respond(stream, status, body));
        let error = server.index(&cx()).expect_err("no Triton");
        assert!(error.message().contains(what), "{error}");
        assert_eq!(error.kind(), ErrorKind::Backend);
    }
    let server = server(|_, mut stream| {
        let _ = stream.write_all(b"\x00\x00\x18\x04\x00\x00\x00\x00\x00\x00\x04\x00\x3f\xff\xff");
    });
    let error = server.live(&cx()).expect_err("gRPC");
    assert!(error.message().contains("does not speak HTTP"), "{error}");
    assert!(error.notes()[0].starts_with("this may be the gRPC port"));
}

#[test]
fn a_redirect_is_not_followed() {
    let server = server(|_, mut stream| {
        let _ =
            stream.write_all(b"HTTP/1.1 307 Moved\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n");
    });
    let error = server.live(&cx()).expect_err("elsewhere");
    assert!(
        error.message().ends_with("leads elsewhere, to http://169.254.169.254/; redirects are not followed"),
        "{error}"
    );
}

#[test]
fn headers_are_sent_along() {
    let options =
        ServerOptions { headers: vec![("Authorization".into(), "Bearer token".into())], ..ServerOptions::default() };
    let server = server_with(options, |request, stream| {
        let sent = request.to_lowercase().contains("authorization: bearer token\r\n");
        respond(stream, if sent { "200 OK" } else { "401 Unauthorized" }, "");
    });
    assert!(server.live(&cx()).expect("an answer"));
    let options = ServerOptions { headers: vec![("bad name".into(), "x".into())], ..ServerOptions::default() };
    assert_eq!(TritonServer::new("h", options).expect_err("no header").kind(), ErrorKind::InvalidArgument);
}

#[test]
fn cancelling_does_not_wait_for_the_server() {
    let server = server_with(ServerOptions::default(), |_, stream| {
        thread::sleep(Duration::from_secs(3));
        drop(stream);
    });
    let cancel = CancelToken::default();
    let cx = Context::new().with_cancel(cancel.clone());
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        cancel.cancel();
    });
    let start = Instant::now();
    assert_eq!(server.load("m", &cx).expect_err("cancelled").kind(), ErrorKind::Cancelled);
    assert!(start.elapsed() < Duration::from_secs(2));
}
