//! Lets an extension of Python be linked where linkers want every symbol (macOS).

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
