use super::*;
use std::collections::BTreeMap;

/// A numbered entry whose sum is its lowest and highest colour.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spot {
    at: u32,
    colour: u8,
}

impl Entry for Spot {
    type Key = u32;
    type Payload = u8;
    type Sum = (u8, u8);
    const SEVERAL: Option<(u8, u8)> = None;

    fn new(at: u32, colour: u8) -> Self {
        Self { at, colour }
    }

    fn payload(&self) -> u8 {
        self.colour
    }

    fn key(&self) -> u32 {
        self.at
    }

    fn sum(&self) -> (u8, u8) {
        (self.colour, self.colour)
    }

    fn join(a: (u8, u8), b: (u8, u8)) -> (u8, u8) {
        (a.0.min(b.0), a.1.max(b.1))
    }
}

/// A numbered entry whose sum is its colour, or none of several.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dot {
    at: u32,
    colour: u8,
}

impl Entry for Dot {
    type Key = u32;
    type Payload = u8;
    type Sum = Option<u8>;
    const SEVERAL: Option<Option<u8>> = Some(None);

    fn new(at: u32, colour: u8) -> Self {
        Self { at, colour }
    }

    fn payload(&self) -> u8 {
        self.colour
    }

    fn key(&self) -> u32 {
        self.at
    }

    fn sum(&self) -> Option<u8> {
        Some(self.colour)
    }

    fn join(a: Option<u8>, b: Option<u8>) -> Option<u8> {
        a.filter(|_| a == b)
    }
}

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % end
    }
}

fn agree<E: Entry<Key = u32, Payload = u8>>(tree: &Tree<E>, model: &BTreeMap<u32, u8>) {
    tree.check();
    assert_eq!(tree.len(), model.len());
    let all: Vec<(u32, u8)> = tree.iter().map(|entry| (entry.key(), entry.payload())).collect();
    assert!(all.iter().copied().eq(model.iter().map(|(at, colour)| (*at, *colour))));
}

fn nodes(tree: &Tree<Spot>) -> Option<&Nodes<Spot>> {
    match &tree.0 {
        Form::Few(_) => None,
        Form::Many(nodes) => Some(nodes),
    }
}

/// One in so many entries has another colour than the rest.
fn random_changes<E: Entry<Key = u32, Payload = u8>>(rare: u32) {
    for (space, steps) in [(40, 4000), (600, 8000), (30_000, 60_000)] {
        let (mut tree, mut model, mut dice) = (Tree::<E>::default(), BTreeMap::new(), Dice(space.into()));
        for step in 0..steps {
            let at = dice.below(space);
            let colour = if dice.below(rare) == 0 { dice.below(5) as u8 } else { 0 };
            // Mostly growing, then mostly shrinking, and again.
            if dice.below(10) < if step / (steps / 4) % 2 == 0 { 7 } else { 2 } {
                tree.put(E::new(at, colour));
                model.insert(at, colour);
            } else {
                tree.remove(at);
                model.remove(&at);
            }
            if step % (steps / 40) == 0 {
                agree(&tree, &model);
            }
        }
        agree(&tree, &model);
    }
}

#[test]
fn random_changes_keep_the_tree_in_order() {
    for rare in [1, 50, 5000] {
        random_changes::<Spot>(rare);
        random_changes::<Dot>(rare);
    }
}

#[test]
fn find_agrees_with_a_scan() {
    let (mut tree, mut model, mut dice) = (Tree::default(), BTreeMap::new(), Dice(7));
    for step in 0..4000 {
        let at = dice.below(5000);
        let spot = Spot { at, colour: if step % 200 == 0 { 1 } else { 0 } };
        tree.put(spot);
        model.insert(at, spot.colour);
        let (from, to, colour) = (dice.below(5000), dice.below(5000), dice.below(2) as u8);
        let get = |start| {
            tree.find(start, to, |sum| sum.0 > colour || colour > sum.1, |spot| spot.colour == colour)
        };
        let scan = |from| model.range(from..).take_while(|e| *e.0 <= to).find(|e| *e.1 == colour);
        let spot = |found: Option<(&u32, &u8)>| found.map(|(at, colour)| Spot { at: *at, colour: *colour });
        let floor = model.range(..=from).next_back().map_or(0, |(at, _)| *at);
        assert_eq!(get(Start::First), spot(scan(0)));
        assert_eq!(get(Start::Floor(from)), spot(scan(floor)));
        assert_eq!(get(Start::After(from)), spot(scan(from + 1)));
    }
}

#[test]
fn what_is_asked_for_is_where_the_key_is() {
    let (mut tree, mut dice) = (Tree::default(), Dice(3));
    assert!(!tree.is_large() && tree.far(5, Depth::Leaf).is_none());
    for _ in 0..20_000 {
        let at = 10 + dice.below(30_000);
        tree.put(Spot { at, colour: 0 });
        let Some(leaf) = tree.far(at, Depth::Leaf) else { continue };
        let nodes = nodes(&tree).unwrap();
        let of_key = (0..nodes.leaves.len() as nodes::Id).find(|id| nodes.leaf(*id).keys().contains(&at));
        assert!(leaf.is_in(nodes.leaf(of_key.unwrap())));
        let above = tree.far(at, Depth::AboveLeaf).unwrap();
        let parent = (0..nodes.inners.len() as nodes::Id).find(|id| above.is_in(nodes.inner(*id)));
        assert!(nodes.inner(parent.unwrap()).kids().contains(&of_key.unwrap()));
    }
    let far: Vec<_> = [0, 5000, u32::MAX].into_iter().filter_map(|at| tree.far(at, Depth::Leaf)).collect();
    assert_eq!((tree.is_large(), far.len()), (true, 3));
    ask_for_all(&far);
}

#[test]
fn upward_runs_leave_leaves_in_which_others_find_a_place() {
    let mut tree = Tree::default();
    for at in 0..32_000 {
        tree.put(Spot { at: 2 * at, colour: 0 });
    }
    assert_eq!(
        nodes(&tree).map(|nodes| nodes.leaves.len()),
        Some(32_000_usize.div_ceil(leaf::LEAF - leaf::FREE))
    );
    // Locks that come and go among them change nothing.
    let mut dice = Dice(9);
    for _ in 0..1000 {
        let some: Vec<u32> = (0..64).map(|_| dice.below(32_000)).collect();
        some.iter().for_each(|at| tree.put(Spot { at: 2 * at + 1, colour: 0 }));
        some.iter().for_each(|at| tree.remove(2 * at + 1));
    }
    assert_eq!(
        nodes(&tree).map(|nodes| nodes.leaves.len()),
        Some(32_000_usize.div_ceil(leaf::LEAF - leaf::FREE))
    );
}

#[test]
fn memory_follows_the_number_of_entries_down() {
    let (mut tree, mut dice) = (Tree::default(), Dice(1));
    for at in 0..20_000 {
        tree.put(Spot { at, colour: 0 });
    }
    for _ in 0..200_000 {
        tree.remove(dice.below(20_000));
        if let Some(nodes) = nodes(&tree) {
            assert!(nodes.leaves.capacity() <= nodes.leaves.len() + 64);
            assert!(
                nodes.leaves.len() <= 2 + nodes.len() / 3,
                "{} entries in {}",
                nodes.len(),
                nodes.leaves.len()
            );
        }
    }
    for at in 0..20_000 {
        tree.remove(at);
    }
    tree.check();
    assert!(nodes(&tree).is_none());
    assert_eq!(tree.len(), 0);
}

impl<E: Entry> Tree<E> {
    /// Looks at every invariant of the tree.
    pub fn check(&self) {
        let items: Vec<E> = self.iter().collect();
        assert_eq!(items.len(), self.len());
        assert!(items.is_sorted_by(|a, b| a.key() < b.key()));
        let Form::Many(nodes) = &self.0 else { return };
        assert!(nodes.total == items.iter().map(E::sum).reduce(E::join), "sum of all");
        assert!(nodes.dead.is_empty());
        let mut seen = (0, 0);
        nodes.check_under(nodes.height, nodes.root, &mut seen);
        assert_eq!(seen, (nodes.leaves.len(), nodes.inners.len()), "every node is in the tree, once");
    }
}

impl<E: Entry> Nodes<E> {
    /// Each child is as its parent knows it, and every node holds something.
    fn check_under(&self, level: u32, node: nodes::Id, seen: &mut (usize, usize)) {
        if level == 0 {
            seen.0 += 1;
            assert!(self.leaf(node).len() > 0);
            return;
        }
        seen.1 += 1;
        let inner = self.inner(node);
        assert!(inner.len() > 0);
        for at in 0..inner.len() {
            let kid = inner.kids[at];
            self.check_under(level - 1, kid, seen);
            let (key, sum, joined) = if level == 1 {
                let leaf = self.leaf(kid);
                (leaf.keys()[0], leaf.sum(), leaf.iter().map(|entry| entry.sum()).reduce(E::join))
            } else {
                let inner = self.inner(kid);
                (inner.keys[0], inner.sum(), inner.sums().iter().copied().reduce(E::join))
            };
            assert!(inner.keys[at] == key, "lowest key of a child");
            assert!(Some(inner.sums()[at]) == sum && sum == joined, "sum of a child");
        }
    }
}
