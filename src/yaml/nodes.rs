//! Nodes: what a text's YAML is made of, each with where it stands.
//!
//! Flows in: a text. Flows out: the nodes of its first document, parents before children; of a text
//! that is not YAML those before its fault. The only file that knows the YAML event parser.

use crate::source::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as CharSpan};

/// Reads the nodes of the first document in a text.
pub(crate) fn nodes_of(text: &str) -> Vec<Node> {
    Builder::new(text).build()
}

/// Measures a text with every alias written out, in bytes of its scalars; mappings and lists count too.
pub(crate) fn expanded_size(nodes: &[Node]) -> usize {
    sizes(nodes).first().copied().flatten().unwrap_or(0)
}

/// Measures what stands at the top of a file beside the value of a key.
pub(crate) fn expanded_size_beside(nodes: &[Node], key: &str) -> usize {
    let sizes = sizes(nodes);
    let Some(Children::Mapping(entries)) = nodes.first().map(|node| &node.children) else {
        return 0;
    };
    let beside = entries.iter().filter(|(name, ..)| name != key);
    beside
        .filter_map(|(.., child)| sizes[*child])
        .fold(0, usize::saturating_add)
}

fn sizes(nodes: &[Node]) -> Vec<Option<usize>> {
    let mut sizes = vec![None; nodes.len()];
    if !nodes.is_empty() {
        measure(nodes, 0, &mut sizes);
    }
    sizes
}

fn measure(nodes: &[Node], at: usize, sizes: &mut [Option<usize>]) -> usize {
    let mut sum = |children: &mut dyn Iterator<Item = usize>| {
        children.fold(8_usize, |size, child| {
            size.saturating_add(measure(nodes, child, sizes))
        })
    };
    let size = match &nodes[at].children {
        Children::None => nodes[at].span.len() + 8,
        Children::Mapping(entries) => sum(&mut entries.iter().map(|(_, _, child)| *child)),
        Children::List(entries) => sum(&mut entries.iter().copied()),
        // What an alias stands for was measured before it, unless it is part of that itself.
        Children::Alias(target) => target.and_then(|target| sizes[target]).unwrap_or(8),
    };
    sizes[at] = Some(size);
    size
}

/// A scalar, a mapping, a list or an alias.
#[derive(Debug)]
pub(crate) struct Node {
    /// Where it stands.
    pub(crate) span: Span,
    /// What is below it.
    pub(crate) children: Children,
    /// Where the text of a scalar begins, if it stands in the file as YAML reads it.
    pub(crate) text_start: Option<usize>,
}

impl Node {
    /// Tells whether it is a single value.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.children, Children::None)
    }

    /// Gives the node that an alias stands for.
    pub(crate) fn alias_target(&self) -> Option<usize> {
        match self.children {
            Children::Alias(target) => target,
            _ => None,
        }
    }

    /// Tells whether it is a single value without quotes.
    pub(crate) fn is_plain(&self) -> bool {
        self.text_start == Some(self.span.start)
    }
}

/// What is below a node, as numbers of nodes.
#[derive(Debug)]
pub(crate) enum Children {
    /// A scalar.
    None,
    /// A key, where it stands, and its value's node.
    Mapping(Vec<(String, Span, usize)>),
    /// A list's entries.
    List(Vec<usize>),
    /// The node that the alias stands for, if it is there.
    Alias(Option<usize>),
}

struct Builder<'t> {
    text: &'t str,
    /// The byte offset of each character, and of the end.
    offsets: Vec<usize>,
    nodes: Vec<Node>,
    anchors: Vec<Option<usize>>,
    open: Vec<Open>,
}

/// A list or mapping whose end has not come.
struct Open {
    node: usize,
    /// The key that waits for its value.
    key: Option<(String, Span)>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Builder {
            text,
            offsets: offsets.collect(),
            nodes: Vec::new(),
            anchors: Vec::new(),
            open: Vec::new(),
        }
    }

    fn build(mut self) -> Vec<Node> {
        for event in Parser::new_from_str(self.text) {
            let Ok((event, span)) = event else { break };
            let span = self.bytes(span);
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let has_properties = anchor > 0 || tag.is_some();
                    let span = if has_properties {
                        self.without_properties(span)
                    } else {
                        span
                    };
                    let text_start = match style {
                        ScalarStyle::Plain => Some(span.start),
                        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                            Some(span.start + 1)
                        }
                        ScalarStyle::Literal | ScalarStyle::Folded => None,
                    };
                    if let Some(node) = self.add(span, Children::None, anchor, Some(&value)) {
                        self.nodes[node].text_start = text_start;
                    }
                }
                Event::Alias(anchor) => {
                    let target = self.anchors.get(anchor).copied().flatten();
                    self.add(span, Children::Alias(target), 0, None);
                }
                Event::SequenceStart(anchor, _) => {
                    let node = self.add(span, Children::List(Vec::new()), anchor, None);
                    self.open.extend(node.map(|node| Open { node, key: None }));
                }
                Event::MappingStart(anchor, _) => {
                    let node = self.add(span, Children::Mapping(Vec::new()), anchor, None);
                    self.open.extend(node.map(|node| Open { node, key: None }));
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(closed) = self.open.pop() {
                        self.close(closed.node, span);
                    }
                }
                Event::DocumentEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_) => {}
            }
        }
        self.nodes
    }

    /// Adds a node below the open one and gives its number, unless it is a scalar that is a key.
    fn add(
        &mut self,
        span: Span,
        children: Children,
        anchor: usize,
        scalar: Option<&str>,
    ) -> Option<usize> {
        let node = self.nodes.len();
        if let Some(open) = self.open.last_mut() {
            match (&mut self.nodes[open.node].children, open.key.take()) {
                (Children::Mapping(entries), Some((key, at))) => entries.push((key, at, node)),
                (Children::Mapping(_), None) => {
                    // A list or mapping as a key has no name that a step could have.
                    open.key = Some((scalar.unwrap_or("").to_owned(), span.clone()));
                    if scalar.is_some() {
                        return None;
                    }
                }
                (Children::List(entries), _) => entries.push(node),
                _ => {}
            }
        }
        self.nodes.push(Node {
            span,
            children,
            text_start: None,
        });
        if anchor > 0 {
            self.anchors
                .resize(self.anchors.len().max(anchor + 1), None);
            self.anchors[anchor] = Some(node);
        }
        Some(node)
    }

    /// Lets a list or mapping end where its last child does: its end event comes later.
    fn close(&mut self, node: usize, end: Span) {
        let last = match &self.nodes[node].children {
            Children::Mapping(entries) => entries
                .last()
                .map(|(_, key, value)| self.nodes[*value].span.end.max(key.end)),
            Children::List(entries) => entries.last().map(|entry| self.nodes[*entry].span.end),
            Children::None | Children::Alias(_) => None,
        };
        let flow = matches!(self.text.get(end.clone()), Some("]" | "}"));
        let span = &mut self.nodes[node].span;
        span.end = if flow {
            end.end
        } else {
            last.unwrap_or(span.end).max(span.start)
        };
    }

    /// Leaves the anchor and the tag before a scalar out of its span.
    fn without_properties(&self, span: Span) -> Span {
        let mut start = span.start;
        while self.text[start..span.end].starts_with(['&', '!']) {
            let rest = &self.text[start..span.end];
            let after = rest
                .find(char::is_whitespace)
                .map_or("", |blank| &rest[blank..]);
            start = span.end - after.trim_start().len();
        }
        start..span.end
    }

    fn bytes(&self, span: CharSpan) -> Span {
        let at = |index: usize| self.offsets[index.min(self.offsets.len() - 1)];
        let (start, end) = (at(span.start.index()), at(span.end.index()));
        let written = self.text[start..end.max(start)].trim_end();
        start..start + written.len()
    }
}
