//! Publishing, rolling back, and what happens when the server refuses: against a server that lives in the test and
//! serves by Triton's rules as far as they matter here. tests/python does the same with a real one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use modelium_core::deploy::triton::pbtxt::{self, Message};
use modelium_core::deploy::triton::{
    IndexEntry, Load, ModelControl, Publish, Staging, TritonDeployer, TritonOptions, health, rendered,
};
use modelium_core::deploy::{Deployer, Deployment, Rendered};
use modelium_core::{CancelToken, Context, Error, ErrorKind, Limits, Result};

use super::model::refusal;

/// Whether it loads when told to, or only when it looks by itself.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Explicit,
    Poll,
}

/// Serves a repository: models whose file says `broken` do not load, and `slow` ones never get ready.
struct Server {
    repository: PathBuf,
    mode: Mode,
    /// State and reason by model and version.
    states: Mutex<BTreeMap<(String, u64), (String, String)>>,
}

impl Server {
    fn of(repository: &Path, mode: Mode) -> Arc<Self> {
        Arc::new(Self { repository: repository.to_owned(), mode, states: Mutex::default() })
    }

    fn look(&self, model: &str) -> Result<()> {
        let folder = self.repository.join(model);
        let config =
            fs::read(folder.join("config.pbtxt")).map_err(|_| refusal("failed to poll from model repository"))?;
        let served = served(&config, &folder);
        let mut states = self.states.lock().expect("no test panics with it");
        let mut broken = Vec::new();
        for version in &served {
            let text = fs::read_to_string(folder.join(version.to_string()).join("model.onnx")).unwrap_or_default();
            let state = match text.as_str() {
                "broken" | "" => {
                    broken.push(format!("version {version} is at UNAVAILABLE state: it is broken;"));
                    ("UNAVAILABLE", "it is broken")
                }
                "slow" => ("LOADING", ""),
                _ => ("READY", ""),
            };
            states.insert((model.to_owned(), *version), (state.0.to_owned(), state.1.to_owned()));
        }
        if !broken.is_empty() {
            return Err(refusal(&broken.join(" "))); // and what was served goes on
        }
        for ((name, version), state) in &mut *states {
            if name == model && !served.contains(version) && state.0 == "READY" {
                *state = ("UNAVAILABLE".into(), "unloaded".into());
            }
        }
        Ok(())
    }

    fn ready_versions(&self, model: &str) -> Vec<u64> {
        let states = self.states.lock().expect("no test panics with it");
        let ready = states.iter().filter(|((name, _), (state, _))| name == model && state == "READY");
        ready.map(|((_, version), _)| *version).collect()
    }
}

/// The versions that a config serves: Triton's rules, spelt once more.
fn served(config: &[u8], folder: &Path) -> Vec<u64> {
    let config = pbtxt::parse(config, &Limits::default()).expect("a config that can be read");
    let mut there: Vec<u64> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|item| item.expect("an entry").file_name().into_string().ok()?.parse().ok())
        .collect();
    there.sort_unstable();
    match inner(&config, "version_policy").and_then(|policy| inner(policy, "specific")) {
        Some(specific) => {
            let wanted =
                |version: &u64| specific.all("versions").any(|(_, one)| one.as_i64() == i64::try_from(*version).ok());
            there.into_iter().filter(wanted).collect()
        }
        None => there.last().copied().into_iter().collect(),
    }
}

fn inner<'a>(message: &'a Message, field: &'a str) -> Option<&'a Message> {
    message.get(field).and_then(|(_, value)| value.as_message())
}

impl ModelControl for Server {
    fn url(&self) -> &'static str {
        "http://in.the.test"
    }

    fn live(&self, _: &Context) -> Result<bool> {
        Ok(true)
    }

    fn ready_all(&self, _: &Context) -> Result<bool> {
        Ok(self.states.lock().expect("no test panics with it").values().all(|(state, _)| state == "READY"))
    }

    fn ready(&self, model: &str, version: Option<u64>, _: &Context) -> Result<bool> {
        if self.mode == Mode::Poll {
            let _ = self.look(model);
        }
        let ready = self.ready_versions(model);
        Ok(version.map_or(!ready.is_empty(), |version| ready.contains(&version)))
    }

    fn index(&self, _: &Context) -> Result<Vec<IndexEntry>> {
        let states = self.states.lock().expect("no test panics with it");
        let row = |((name, version), (state, reason)): (&(String, u64), &(String, String))| IndexEntry {
            name: name.clone(),
            version: Some(*version),
            state: state.clone(),
            reason: reason.clone(),
        };
        Ok(states.iter().map(row).collect())
    }

    fn load(&self, model: &str, _: &Context) -> Result<Load> {
        if self.mode == Mode::Poll {
            return Ok(Load::NotExplicit);
        }
        self.look(model).map(|()| Load::Done)
    }

    fn unload(&self, _: &str, _: &Context) -> Result<Load> {
        Ok(Load::Done)
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn deployer(&self) -> TritonDeployer {
        TritonDeployer::new(TritonOptions::default()).publishing(self.publish())
    }

    fn publish(&self) -> Publish {
        Publish { ready_wait: Duration::from_millis(200), ..Publish::to(self.repository()) }
    }

    /// A rendered model: its file and its labels say what it is, and so does a parameter of its config.
    fn rendered(&self, text: &str) -> Rendered {
        self.rendered_with(text, "")
    }

    fn rendered_with(&self, text: &str, more: &str) -> Rendered {
        let root = self.folder.path().join(format!("rendered-{text}"));
        fs::create_dir_all(root.join("m/1")).expect("made");
        let config = format!(
            "name: \"m\" backend: \"onnxruntime\" parameters {{ key: \"is\" value {{ string_value: \"{text}\" }} }} {more}"
        );
        fs::write(root.join("m/config.pbtxt"), config).expect("written");
        fs::write(root.join("m/labels.txt"), text).expect("written");
        fs::write(root.join("m/1/model.onnx"), text).expect("written");
        rendered(&root, &Context::new()).expect("one model").remove(0)
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.repository().join("m").join(name)).unwrap_or_default()
    }

    /// All files of the repository with their text, locks aside.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.repository()];
        while let Some(folder) = folders.pop() {
            for item in fs::read_dir(&folder).expect("it can be listed") {
                let path = item.expect("an entry").path();
                let name = path.strip_prefix(self.repository()).expect("below").display().to_string();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_none_or(|extension| extension != "lock") {
                    files.insert(name, fs::read_to_string(path).expect("text"));
                }
            }
        }
        files
    }

    /// What lies beside the repository, apart from what was rendered.
    fn beside(&self) -> Vec<String> {
        let items = fs::read_dir(self.folder.path()).expect("it can be listed");
        let names = items.map(|item| item.expect("an entry").file_name().into_string().expect("a name"));
        names.filter(|name| !name.starts_with("rendered-") && name != "models").collect()
    }
}

fn apply(deployer: &TritonDeployer, rendered: &Rendered) -> Result<Deployment> {
    deployer.apply(rendered, &Context::new())
}

#[test]
fn a_new_model_appears_whole() {
    let place = Place::new();
    let deployment = apply(&place.deployer(), &place.rendered("one")).expect("published");
    assert_eq!((deployment.version, deployment.name.as_str()), (1, "m"));
    assert_eq!(deployment.root, place.repository());
    let tree = place.tree();
    assert_eq!(
        tree.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "m/1/.modelium/config.pbtxt",
            "m/1/.modelium/labels.txt",
            "m/1/.modelium/receipt.json",
            "m/1/model.onnx",
            "m/config.pbtxt",
            "m/labels.txt"
        ]
    );
    assert_eq!(tree["m/1/model.onnx"], "one");
    assert_eq!(tree["m/1/.modelium/receipt.json"], "{\"previous\":null}");
    assert_eq!(place.beside(), [""; 0]);
}

#[test]
fn the_next_version_takes_over_and_the_one_before_stays() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Explicit);
    let deployer = place.deployer().controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    apply(&deployer, &place.rendered("one")).expect("published");
    let second = apply(&deployer, &place.rendered("two")).expect("published");
    assert_eq!((second.version, second.server.as_deref()), (2, Some("http://in.the.test")));
    assert_eq!(server.ready_versions("m"), [2]);
    assert!(place.file("config.pbtxt").contains("two"));
    assert_eq!(
        (place.file("labels.txt"), place.file("1/model.onnx"), place.file("2/model.onnx")),
        ("two".into(), "one".into(), "two".into())
    );
    assert_eq!(place.file("2/.modelium/receipt.json"), "{\"previous\":1}");
}

#[test]
fn a_rollback_serves_the_version_before_as_it_was() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Explicit);
    let deployer = place.deployer().controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    for text in ["one", "two", "three"] {
        apply(&deployer, &place.rendered(text)).expect("published");
    }
    assert_eq!(deployer.rollback("m", &Context::new()).expect("rolled back").version, 2);
    assert_eq!(server.ready_versions("m"), [2]);
    assert!(place.file("config.pbtxt").contains("\"two\"") && place.file("config.pbtxt").contains("versions: [ 2 ]"));
    assert_eq!((place.file("labels.txt"), place.file("3/model.onnx")), ("two".into(), "three".into()));

    // the next version goes on from what is served: back from it leads to 2, not to 3 that was rolled back
    assert_eq!(apply(&deployer, &place.rendered("four")).expect("published").version, 4);
    assert_eq!(server.ready_versions("m"), [4]);
    assert_eq!(deployer.rollback("m", &Context::new()).expect("rolled back").version, 2);
    assert_eq!(deployer.rollback("m", &Context::new()).expect("rolled back").version, 1);
    let error = deployer.rollback("m", &Context::new()).expect_err("the end");
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::InvalidArgument, "version 1 is served and there is none before it")
    );
}

#[test]
fn without_a_place_outside_files_grow_in_the_models_folder() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Explicit);
    let publish = Publish { staging: Staging::Inside, ..place.publish() };
    let deployer = TritonDeployer::new(TritonOptions::default())
        .publishing(publish)
        .controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    apply(&deployer, &place.rendered("broken")).expect_err("refused");
    assert!(place.tree().is_empty());
    apply(&deployer, &place.rendered("one")).expect("published");
    let before = place.tree();
    apply(&deployer, &place.rendered("broken")).expect_err("refused");
    assert_eq!(place.tree(), before);
    apply(&deployer, &place.rendered("two")).expect("published");
    assert_eq!(server.ready_versions("m"), [2]);
    assert_eq!(place.file("2/model.onnx"), "two");
}

#[test]
fn a_place_that_was_chosen_is_the_only_one() {
    let place = Place::new();
    let file = place.folder.path().join("file");
    fs::write(&file, "").expect("written");
    let publish = Publish { staging: Staging::In(file.join("below")), ..place.publish() };
    let deployer = TritonDeployer::new(TritonOptions::default()).publishing(publish);
    assert_eq!(apply(&deployer, &place.rendered("one")).expect_err("no folder").kind(), ErrorKind::Io);
    assert!(place.tree().is_empty());
}

#[test]
fn a_version_that_somebody_else_published_can_be_gone_back_to() {
    let place = Place::new();
    let folder = place.repository().join("m");
    fs::create_dir_all(folder.join("7")).expect("made");
    fs::write(folder.join("7/model.onnx"), "seven").expect("written");
    fs::write(folder.join("config.pbtxt"), "# by hand\nname: \"m\" backend: \"onnxruntime\"").expect("written");
    assert_eq!(apply(&place.deployer(), &place.rendered("eight")).expect("published").version, 8);
    assert_eq!(place.deployer().rollback("m", &Context::new()).expect("rolled back").version, 7);
    assert_eq!(served(place.file("config.pbtxt").as_bytes(), &folder), [7]);
}

#[test]
fn what_the_server_refuses_leaves_no_trace() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Explicit);
    let deployer = place.deployer().controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    let first = apply(&deployer, &place.rendered("broken")).expect_err("refused");
    assert_eq!(first.message(), "version 1 is at UNAVAILABLE state: it is broken;");
    assert_eq!(first.notes(), ["the model was taken out of the repository again"]);
    assert!(place.tree().is_empty() && place.beside().is_empty());

    apply(&deployer, &place.rendered("one")).expect("published");
    let before = place.tree();
    let error = apply(&deployer, &place.rendered("broken")).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert_eq!(error.to_string(), "version 2 is at UNAVAILABLE state: it is broken; (version 2 of 'm')");
    assert_eq!(error.notes(), ["the repository is as it was before", "the server goes on with what it served before"]);
    assert_eq!(place.tree(), before);
    assert_eq!(server.ready_versions("m"), [1]);
    assert_eq!(apply(&deployer, &place.rendered("two")).expect("published").version, 2);
}

#[test]
fn a_server_that_polls_is_waited_for() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Poll);
    let deployer = place.deployer().controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    apply(&deployer, &place.rendered("one")).expect("published");
    assert_eq!(server.ready_versions("m"), [1]);
    let before = place.tree();
    let error = apply(&deployer, &place.rendered("broken")).expect_err("refused");
    assert_eq!(error.message(), "the server does not serve version 2 of 'm': it is broken");
    assert_eq!(place.tree(), before);
    // the same number again: what the index still says of the first attempt is not taken for an answer
    assert_eq!(apply(&deployer, &place.rendered("two")).expect("published").version, 2);
}

#[test]
fn a_version_that_does_not_get_ready_in_time_is_taken_back() {
    let place = Place::new();
    let deployer = place.deployer().controlling(Server::of(&place.repository(), Mode::Explicit));
    apply(&deployer, &place.rendered("one")).expect("published");
    let before = place.tree();
    let error = apply(&deployer, &place.rendered("slow")).expect_err("late");
    assert_eq!(error.message(), "version 2 of 'm' is not ready after 200ms");
    assert_eq!(error.notes()[0], "the server says: LOADING");
    assert_eq!(place.tree(), before);
}

#[test]
fn cancelling_while_the_server_loads_takes_the_version_back() {
    let place = Place::new();
    let publish = Publish { ready_wait: Duration::from_mins(1), ..place.publish() };
    let deployer = TritonDeployer::new(TritonOptions::default())
        .publishing(publish)
        .controlling(Server::of(&place.repository(), Mode::Explicit));
    apply(&deployer, &place.rendered("one")).expect("published");
    let (before, slow) = (place.tree(), place.rendered("slow"));
    let cancel = CancelToken::default();
    let error = thread::scope(|scope| {
        let cx = Context::new().with_cancel(cancel.clone());
        let work = scope.spawn(|| deployer.apply(&slow, &{ cx }).expect_err("cancelled"));
        while !place.repository().join("m/2").exists() {
            thread::yield_now();
        }
        cancel.cancel();
        work.join().expect("no panic")
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(place.tree(), before);
}

#[test]
fn old_versions_go_but_never_one_that_is_needed() {
    let place = Place::new();
    let publish = Publish { keep_versions: std::num::NonZeroU32::new(1), ..place.publish() };
    let deployer = TritonDeployer::new(TritonOptions::default()).publishing(publish);
    for text in ["one", "two", "three"] {
        apply(&deployer, &place.rendered(text)).expect("published");
    }
    let versions: Vec<_> = ["1", "2", "3"].map(|version| place.repository().join("m").join(version).exists()).into();
    assert_eq!(versions, [false, true, true], "the one before stays for a rollback");
}

#[test]
fn a_policy_that_does_not_serve_the_next_version_is_refused() {
    let place = Place::new();
    let rendered = place.rendered_with("pinned", "version_policy { specific { versions: [ 5 ] } }");
    let error = apply(&place.deployer(), &rendered).expect_err("refused");
    assert_eq!(error.message(), "version_policy does not serve version 1, which is the next; render it with another");
}

#[test]
fn a_file_that_cannot_be_written_leaves_what_was_served() {
    let place = Place::new();
    apply(&place.deployer(), &place.rendered("one")).expect("published");
    let before = place.tree();
    fs::create_dir(place.repository().join("m/.labels.txt.partial")).expect("made");
    let error = apply(&place.deployer(), &place.rendered("two")).expect_err("something is in the way");
    assert_eq!(error.kind(), ErrorKind::Io);
    fs::remove_dir(place.repository().join("m/.labels.txt.partial")).expect("removed");
    let after = place.tree();
    for name in ["m/labels.txt", "m/1/model.onnx", "m/2/model.onnx"] {
        assert_eq!(before.get(name), after.get(name), "{name}");
    }
    assert_eq!(served(after["m/config.pbtxt"].as_bytes(), &place.repository().join("m")), [1]);
}

#[test]
fn another_publisher_is_waited_for_and_not_for_ever() {
    let place = Place::new();
    let rendered: Vec<_> = (0..8).map(|number| place.rendered(&format!("n{number}"))).collect();
    thread::scope(|scope| {
        for one in &rendered {
            scope.spawn(|| apply(&place.deployer(), one).expect("published"));
        }
    });
    let mut texts: Vec<_> = (1..=8).map(|version| place.file(&format!("{version}/model.onnx"))).collect();
    texts.sort();
    assert_eq!(texts, (0..8).map(|number| format!("n{number}")).collect::<Vec<_>>());

    let lock = fs::File::create(place.repository().join(".m.lock")).expect("a lock");
    lock.lock().expect("held");
    let publish = Publish { lock_wait: Duration::from_millis(50), ..place.publish() };
    let error = apply(&TritonDeployer::new(TritonOptions::default()).publishing(publish), &rendered[0]);
    assert_eq!(error.expect_err("held").message(), "another publisher has held the model for 50ms");
}

/// A reader that looks all the time sees only states that can be served: the config and the version that it serves
/// were published together.
#[test]
fn a_watcher_never_sees_half() {
    let place = Place::new();
    apply(&place.deployer(), &place.rendered("first")).expect("published");
    let folder = place.repository().join("m");
    let done = AtomicBool::new(false);
    let rendered: Vec<_> = (0..40).map(|number| place.rendered(&format!("n{number}"))).collect();
    let looks = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut looks = 0;
            while !done.load(Ordering::Relaxed) {
                let config = fs::read_to_string(folder.join("config.pbtxt")).expect("it is always there");
                let served = served(config.as_bytes(), &folder);
                let model = fs::read_to_string(folder.join(served[0].to_string()).join("model.onnx"));
                // Triton, too, reads the config again when it has changed in the meantime
                if fs::read_to_string(folder.join("config.pbtxt")).expect("it is always there") != config {
                    continue;
                }
                let model = model.expect("a version that is served is whole");
                assert!(config.contains(&format!("\"{model}\"")), "{config} with {model}");
                looks += 1;
            }
            looks
        });
        for one in &rendered {
            apply(&place.deployer(), one).expect("published");
            place.deployer().rollback("m", &Context::new()).expect("rolled back");
        }
        done.store(true, Ordering::Relaxed);
        watcher.join().expect("the watcher saw nothing wrong")
    });
    assert!(looks > 40, "{looks} looks are too few to see anything");
}

#[test]
fn health_says_why_not() {
    let place = Place::new();
    let server = Server::of(&place.repository(), Mode::Explicit);
    let deployer = place.deployer().controlling(Arc::clone(&server) as Arc<dyn ModelControl>);
    let deployment = apply(&deployer, &place.rendered("one")).expect("published");
    let _ = apply(&deployer, &place.rendered("broken"));
    let found = deployer.health(&deployment, &Context::new()).expect("an answer");
    assert!(found.live && found.ready);
    let lines: Vec<_> = found.models.iter().map(|one| (one.version, one.ready, one.reason.as_deref())).collect();
    assert_eq!(lines, [(Some(1), true, None), (Some(2), false, Some("it is broken"))]);

    let other = Deployment { version: 9, ..deployment };
    let found = deployer.health(&other, &Context::new()).expect("an answer");
    assert!(!found.ready);
    let reason = found.models.last().and_then(|one| one.reason.clone()).unwrap_or_default();
    assert!(reason.starts_with("the server has not tried this version; see that it reads "), "{reason}");

    let found = health(&*server, Some("nobody"), &Context::new()).expect("an answer");
    assert_eq!(found.models[0].reason.as_deref(), Some("the server's repositories have no such model"));
    assert!(!health(&*server, None, &Context::new()).expect("an answer").ready);
}

#[test]
fn without_a_repository_or_a_server_there_is_nothing_to_do() {
    let place = Place::new();
    let deployer = TritonDeployer::default();
    let error: Error = apply(&deployer, &place.rendered("one")).expect_err("nowhere");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        rendered(place.folder.path(), &Context::new()).expect_err("no model").kind(),
        ErrorKind::InvalidArgument
    );
}
