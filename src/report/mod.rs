mod explain;
mod transitions;
pub use explain::*;
pub use transitions::*;
