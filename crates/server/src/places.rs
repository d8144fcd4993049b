use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts what is open at the same time, for each of those who open it.
pub(crate) struct Places<K> {
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Copy> Places<K> {
    /// Takes one more place; dropping it frees it. None when as many are taken as may be.
    pub(crate) fn take(&self, key: K, at_most: u32) -> Option<Place<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key).or_default();
        if *count >= at_most {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), key })
    }
}

impl<K> Clone for Places<K> {
    fn clone(&self) -> Self {
        Self { taken: Arc::clone(&self.taken) }
    }
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self { taken: Arc::default() }
    }
}

/// A place that something open takes.
pub(crate) struct Place<K: Hash + Eq> {
    places: Places<K>,
    key: K,
}

impl<K: Hash + Eq> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_frees_its_place() {
        let places = Places::default();
        let first = places.take("a", 1);
        assert!(first.is_some());
        assert!(places.take("a", 1).is_none());
        assert!(places.take("b", 1).is_some());
        drop(first);
        assert!(places.take("a", 1).is_some());
        assert!(places.taken.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
    }
}
