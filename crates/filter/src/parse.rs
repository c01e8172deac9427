//! From text to what the compiler takes.

use jaq_core::load::lex::{StrPart, Tok, Token};
use jaq_core::load::parse::{Def, Term};
use jaq_core::load::{Lexer, Parser};

/// A text that is a filter, as far as one can tell without knowing its names.
pub struct Parsed<'a> {
    /// The filter as a definition.
    pub main: Def<&'a str>,
    /// Whether it names `input` or `inputs`.
    pub reads_inputs: bool,
    /// Whether it changes parts of values, as far as its own text tells.
    pub updates: bool,
}

impl<'a> Parsed<'a> {
    pub fn of(text: &'a str) -> Option<Self> {
        let mut tokens = Lexer::new(text).lex().ok()?;
        interpolate(&mut tokens);
        watch_depth(&mut tokens);
        let body = if tokens.is_empty() {
            // As in jq, no filter changes nothing.
            Term::Id
        } else {
            Parser::new(&tokens).parse(|parser| parser.term()).ok()?
        };
        let main = Def {
            name: "_main",
            args: Vec::new(),
            body,
        };
        Some(Self {
            main,
            reads_inputs: any(&tokens, |token| {
                matches!(token, Token("input" | "inputs", Tok::Word))
            }),
            updates: any(&tokens, updates),
        })
    }
}

/// Lets `"\(f)"` mean `"\(f | _text)"`: jaq's own way to text is not jq's, and
/// knows no errors.
fn interpolate(tokens: &mut [Token<&str>]) {
    let mut formatted = false;
    for token in tokens {
        match &mut token.1 {
            Tok::Block(tokens) => interpolate(tokens),
            Tok::Str(parts) => {
                for part in parts {
                    let StrPart::Term(Token(_, Tok::Block(tokens))) = part else {
                        continue;
                    };
                    interpolate(tokens);
                    if !formatted {
                        // Before the closing parenthesis.
                        let end = tokens.len().saturating_sub(1);
                        let to_text = [Token("|", Tok::Sym), Token("_text", Tok::Word)];
                        tokens.splice(end..end, to_text);
                    }
                }
            }
            _ => {}
        }
        // `@html "…"` makes text itself.
        formatted = matches!(token.1, Tok::Fmt);
    }
}

/// Lets `def f: g;` mean `def f: _deeper | g;`, so that a recursion without end
/// is an error before the stack overflows.
fn watch_depth(tokens: &mut Vec<Token<&str>>) {
    let mut at = 0;
    let mut defined = false;
    while let Some(Token(text, token)) = tokens.get_mut(at) {
        at += 1;
        match token {
            Tok::Word if *text == "def" => defined = true,
            Tok::Sym if defined && *text == ":" => {
                defined = false;
                let watch = [Token("_deeper", Tok::Word), Token("|", Tok::Sym)];
                tokens.splice(at..at, watch);
            }
            Tok::Block(tokens) => watch_depth(tokens),
            Tok::Str(parts) => {
                for part in parts {
                    if let StrPart::Term(Token(_, Tok::Block(tokens))) = part {
                        watch_depth(tokens);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether one of the tokens is such, or one within them.
fn any(tokens: &[Token<&str>], is: fn(&Token<&str>) -> bool) -> bool {
    tokens.iter().any(|token| {
        is(token)
            || match token {
                Token(_, Tok::Block(tokens)) => any(tokens, is),
                Token(_, Tok::Str(parts)) => parts.iter().any(|part| match part {
                    StrPart::Term(token) => any(std::slice::from_ref(token), is),
                    _ => false,
                }),
                _ => false,
            }
    })
}

fn updates(token: &Token<&str>) -> bool {
    match token {
        Token("==" | "!=" | "<=" | ">=", _) => false,
        Token(operator, Tok::Sym) => operator.ends_with('='),
        Token(name, Tok::Word) => matches!(
            *name,
            "del" | "delpaths" | "map_values" | "setpath" | "walk" | "combinations"
        ),
        _ => false,
    }
}
