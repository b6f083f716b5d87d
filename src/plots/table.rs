//! The data behind a picture as CSV.

/// Rows of text under a header. Numbers are written as the shortest decimals that read back to
/// the same bits, a missing one as an empty field.
#[derive(Debug)]
pub(super) struct Table(csv::Writer<Vec<u8>>);

/// A field of a table.
pub(super) trait Field {
    fn field(&self) -> String;
}

impl Field for f64 {
    fn field(&self) -> String {
        if self.is_finite() { self.to_string() } else { String::new() }
    }
}

impl Field for u64 {
    fn field(&self) -> String {
        self.to_string()
    }
}

impl Field for u32 {
    fn field(&self) -> String {
        self.to_string()
    }
}

impl Field for usize {
    fn field(&self) -> String {
        self.to_string()
    }
}

impl Field for str {
    fn field(&self) -> String {
        self.to_owned()
    }
}

impl Field for String {
    fn field(&self) -> String {
        self.clone()
    }
}

impl<T: Field> Field for Option<T> {
    fn field(&self) -> String {
        self.as_ref().map(Field::field).unwrap_or_default()
    }
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.write(header);
        table
    }

    pub(super) fn row(&mut self, fields: &[&dyn Field]) {
        let fields: Vec<String> = fields.iter().map(|field| field.field()).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        self.write(&fields);
    }

    fn write(&mut self, fields: &[&str]) {
        // Memory takes everything, and all rows of a picture have the fields of its header.
        let _ = self.0.write_record(fields);
    }

    pub(super) fn text(self) -> String {
        let bytes = self.0.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}
