//! Whether a request has the form that the platform's OpenAPI file asks for: the part of JSON Schema that the file uses.

use serde_json::Value;

const SCHEMAS: &str = include_str!("schemas.json");

/// What is wrong with a request, if anything is.
pub fn fault(request: &Value) -> Option<String> {
    let schemas: Value = serde_json::from_str(SCHEMAS).expect("schemas are JSON");
    if request["status"].is_string() {
        return check(request, &schemas["MarkMessageRequestPayload"], "mark").err();
    }
    if request["to"].is_string() == request["recipient"].is_string() {
        return Some("one of `to` and `recipient`".to_owned());
    }
    // The kind decides which form counts, so that the fault names its place.
    let is_of_kind = |form: &&Value| form["properties"]["type"]["enum"][0] == request["type"];
    match schemas["Message"]["oneOf"].as_array().into_iter().flatten().find(is_of_kind) {
        Some(form) => check(request, form, "message").err(),
        None => Some(format!("the type {}", request["type"])),
    }
}

fn check(value: &Value, schema: &Value, place: &str) -> Result<(), String> {
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    let in_enum = schema["enum"].as_array().is_none_or(|all| all.contains(value));
    if !is_type || !in_enum {
        return Err(format!(
            "{place} is {value}, not {}",
            schema["enum"].as_array().map_or(&schema["type"], |_| &schema["enum"])
        ));
    }
    let most = |key: &str| schema[key].as_u64().and_then(|most| usize::try_from(most).ok());
    if let (Some(most), Some(text)) = (most("maxLength"), value.as_str())
        && text.chars().count() > most
    {
        return Err(format!("{place} has more than {most} characters"));
    }
    if let Some(items) = value.as_array() {
        if most("maxItems").is_some_and(|most| items.len() > most)
            || most("minItems").is_some_and(|least| items.len() < least)
        {
            return Err(format!("{place} has {} items", items.len()));
        }
        for (at, item) in items.iter().enumerate() {
            check(item, &schema["items"], &format!("{place}[{at}]"))?;
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            return Err(format!("{place} lacks `{name}`"));
        }
    }
    for (name, one) in value.as_object().into_iter().flatten() {
        let known = &schema["properties"][name];
        if known.is_null() && schema["additionalProperties"] == false {
            return Err(format!("{place} has the unknown `{name}`"));
        }
        check(one, known, &format!("{place}.{name}"))?;
    }
    let Some(forms) = schema["oneOf"].as_array() else { return Ok(()) };
    let faults: Vec<String> = forms.iter().filter_map(|form| check(value, form, place).err()).collect();
    if faults.len() < forms.len() {
        Ok(())
    } else {
        Err(format!("{place} has none of its forms: {}", faults.join("; ")))
    }
}
