//! A browser without a window, driven over the WebDriver protocol.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// Names under which Chromium is installed.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Its driver.
const DRIVER: &str = "chromedriver";

/// A browser with one page; it ends with the value.
pub(crate) struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    /// The browser's own files, which go with it.
    profile: tempfile::TempDir,
}

/// Whether a program is there.
fn exists(name: &str) -> bool {
    let mut version = Command::new(name);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

impl Browser {
    /// A browser; `None`, with a line that says which check is left out, where there is none. With
    /// `CLVCAST_BROWSER=required` it is an error.
    pub(crate) fn start(check: &str) -> Option<Self> {
        let found = CHROMIUM.into_iter().find(|name| exists(name)).filter(|_| exists(DRIVER));
        let Some(chromium) = found else {
            let required = std::env::var("CLVCAST_BROWSER").is_ok_and(|word| word == "required");
            assert!(!required, "no Chromium with chromedriver was found");
            // Not by the macro, whose words a test that passes keeps to itself.
            let skipped = format!("skipped: {check}: no Chromium with chromedriver was found\n");
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("the driver says its port");
        // What it says later has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            agent: config.into(),
            session: format!("http://127.0.0.1:{port}/session"),
            profile,
        };
        let data = browser.profile.path().display().to_string();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--disable-dev-shm-usage",
            &format!("--user-data-dir={data}"),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments, "binary": path_of(chromium)},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let created = browser.post("", &wanted);
        browser.session = format!("{}/{}", browser.session, created["sessionId"].as_str().unwrap());
        Some(browser)
    }

    /// Sends a command and gives back its value.
    fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let request = self.agent.post(&url).header("content-type", "application/json");
        let text = request.send(body.to_string()).unwrap().body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {}", answer["value"]);
        answer["value"].clone()
    }

    /// Asks for something.
    fn get(&self, path: &str) -> Value {
        let mut answer = self.agent.get(format!("{}{path}", self.session)).call().unwrap();
        let answer: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        answer["value"].clone()
    }

    /// Opens a file.
    pub(crate) fn open(&self, page: &Path) {
        self.post("/url", &json!({"url": format!("file://{}", page.display())}));
    }

    /// What a function body of JavaScript returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// A command of the browser's own protocol.
    pub(crate) fn command(&self, name: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
    }

    /// A window of so many units.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        self.command(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}),
        );
    }

    /// Light or dark, screen or print.
    pub(crate) fn medium(&self, medium: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.command("Emulation.setEmulatedMedia", &json!({"media": medium, "features": features}));
    }

    /// The element that a selector finds first.
    pub(crate) fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    /// Clicks an element as a mouse does.
    pub(crate) fn click(&self, selector: &str) {
        self.post(&format!("/element/{}/click", self.element(selector)), &json!({}));
    }

    /// Empties a field and types into it.
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/clear"), &json!({}));
        if !text.is_empty() {
            self.post(&format!("/element/{element}/value"), &json!({"text": text}));
        }
    }

    /// Presses and releases a key.
    pub(crate) fn press(&self, key: &str) {
        let actions = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": actions});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// What a screen reader calls the focused element.
    pub(crate) fn focused_name(&self) -> String {
        let focused = self.get("/element/active");
        let element = focused.as_object().unwrap().values().next().unwrap().as_str().unwrap();
        self.get(&format!("/element/{element}/computedlabel"))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What the browser complained of since the last time.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let bad = |entry: &&Value| entry["level"] == "SEVERE" || entry["level"] == "WARNING";
        log.as_array().unwrap().iter().filter(bad).map(Value::to_string).collect()
    }

    /// The window as PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        bytes(self.get("/screenshot").as_str().unwrap())
    }

    /// The page as PDF.
    pub(crate) fn print(&self) -> Vec<u8> {
        bytes(self.post("/print", &json!({"background": true})).as_str().unwrap())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser; a driver that no longer answers is ended all the same.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Where a program lies: the driver knows only some places by itself.
fn path_of(name: &str) -> String {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&folders).map(|folder| folder.join(name));
    places
        .find(|place| place.is_file())
        .map_or_else(|| name.to_owned(), |p| p.display().to_string())
}

/// Base 64 as bytes.
fn bytes(text: &str) -> Vec<u8> {
    let six = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        held = (held << 6) | u32::from(six(c));
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(((held >> bits) & 255).try_into().unwrap());
        }
    }
    out
}
