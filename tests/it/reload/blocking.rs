//! Nothing waits: no store for a request, no request for a store.

use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use tower_cors::{CorsLayer, CorsPolicy, PolicyHandle};

use super::{ADMIN, admin_only, assert_by_admin_only};
use crate::support::{APP, App, STRANGER, assert_headers, request};

/// Makes a test that hangs fail. It does not synchronise anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A point where one thread reports its arrival, and waits until another thread lets it go on.
struct Stop {
    reached: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl Stop {
    /// The other thread's ends of the channels.
    fn new() -> (Self, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (reached, is_reached) = mpsc::channel();
        let (let_go, go_on) = mpsc::channel();
        (Self { reached, go_on: Mutex::new(go_on) }, is_reached, let_go)
    }

    fn stay(&self) {
        self.reached.send(()).expect("the other thread is there");
        self.go_on
            .lock()
            .expect("no panic")
            .recv_timeout(PATIENCE)
            .expect("the other thread waits for this one");
    }
}

#[tokio::test]
async fn a_policy_is_stored_while_another_one_decides() {
    let (stop, is_reached, let_go) = Stop::new();
    let slow = CorsPolicy::builder().allow_origin_if(move |_, _| {
        stop.stay();
        true
    });
    let (layer, handle) = CorsLayer::reloadable(slow.build().expect("a policy"));
    let app = Arc::new(App::behind(&layer, &[]));

    let decided = Arc::clone(&app);
    let decided = tokio::task::spawn_blocking(move || {
        tokio::runtime::Handle::current().block_on(decided.send(request("GET", &[("origin", APP)])))
    });
    is_reached.recv_timeout(PATIENCE).expect("the policy is asked");
    handle.store(admin_only());
    assert_by_admin_only(&app.send(request("GET", &[("origin", APP)])).await, "the next one");
    let_go.send(()).expect("the policy decides");
    let response = decided.await.expect("no panic");
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
}

#[tokio::test]
async fn a_policy_can_be_replaced_by_its_own_predicate() {
    let own: Arc<OnceLock<PolicyHandle>> = Arc::default();
    let handle = Arc::clone(&own);
    let policy = CorsPolicy::builder().allow_origin_if(move |_, _| {
        let handle = handle.get().expect("a handle");
        handle.store(admin_only());
        handle.load() == admin_only()
    });
    let (layer, handle) = CorsLayer::reloadable(policy.build().expect("a policy"));
    own.set(handle).expect("the first handle");
    let app = App::behind(&layer, &[]);
    let response = app.send_served(request("GET", &[("origin", APP)])).await;
    assert_headers(&response, &[("access-control-allow-origin", APP), ("vary", "Origin")]);
    assert_by_admin_only(&app.send_served(request("GET", &[("origin", APP)])).await, "the next one");
}

/// Waits in its destructor, which runs in a store that replaces its policy.
struct SlowToDrop(Stop);

impl Drop for SlowToDrop {
    fn drop(&mut self) {
        self.0.stay();
    }
}

#[tokio::test]
async fn requests_are_decided_while_a_policy_is_stored() {
    let (stop, is_reached, let_go) = Stop::new();
    let slow = SlowToDrop(stop);
    let policy = CorsPolicy::builder().allow_origin_if(move |origin, _| {
        let SlowToDrop(_) = &slow;
        *origin == STRANGER
    });
    let (layer, handle) = CorsLayer::reloadable(policy.build().expect("a policy"));
    let app = App::behind(&layer, &[]);
    let response = app.send_served(request("GET", &[("origin", STRANGER)])).await;
    assert_headers(&response, &[("access-control-allow-origin", STRANGER), ("vary", "Origin")]);

    let in_flight = thread::spawn(move || handle.store(admin_only()));
    is_reached.recv_timeout(PATIENCE).expect("the old policy is dropped");
    for _ in 0..100 {
        let response = app.send_served(request("GET", &[("origin", ADMIN)])).await;
        let exposed = ("access-control-expose-headers", "x-new");
        assert_headers(&response, &[("access-control-allow-origin", ADMIN), exposed, ("vary", "Origin")]);
    }
    assert!(!in_flight.is_finished(), "the store was over");
    let_go.send(()).expect("the old policy is dropped");
    in_flight.join().expect("no panic");
}
