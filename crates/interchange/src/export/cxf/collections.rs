use serde_json::{Map, Value, json};

/// Collections, built anew from the ways to them that items know.
#[derive(Default)]
pub(super) struct Collections(Vec<Node>);

struct Node {
    collection: Map<String, Value>,
    items: Vec<Value>,
    below: Vec<Node>,
}

impl Collections {
    /// Notes in which collections an item is.
    pub(super) fn add(&mut self, item: &str, ways: Option<Value>) {
        let Some(Value::Array(ways)) = ways else { return };
        for way in ways {
            if let Value::Array(way) = way {
                add(&mut self.0, &way, item);
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Value> {
        self.0.into_iter().map(Node::finish).collect()
    }
}

fn add(nodes: &mut Vec<Node>, way: &[Value], item: &str) {
    let Some((Value::Object(first), rest)) = way.split_first() else { return };
    let at = nodes.iter().position(|node| node.collection == *first).unwrap_or_else(|| {
        nodes.push(Node { collection: first.clone(), items: Vec::new(), below: Vec::new() });
        nodes.len() - 1
    });
    let Some(node) = nodes.get_mut(at) else { return };
    if rest.is_empty() {
        node.items.push(json!({ "item": item }));
    } else {
        add(&mut node.below, rest, item);
    }
}

impl Node {
    fn finish(self) -> Value {
        let mut collection = self.collection;
        collection.insert("items".to_owned(), Value::Array(self.items));
        if !self.below.is_empty() {
            let below = self.below.into_iter().map(Self::finish).collect();
            collection.insert("subCollections".to_owned(), Value::Array(below));
        }
        Value::Object(collection)
    }
}
