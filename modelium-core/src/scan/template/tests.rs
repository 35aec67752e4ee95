use std::sync::Arc;

use super::*;
use crate::scan::{Depth, Inspector, Verdict};

fn verdict(text: &str) -> (Verdict, Vec<String>) {
    let (inspectors, cx): (Vec<Arc<dyn Inspector>>, _) = (Vec::new(), Context::new());
    let mut exam = Exam::new(&inspectors, Depth::Content, &cx);
    examine(&Location::file("t"), text, &mut exam).unwrap();
    let examined = exam.finish();
    let told = examined.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    (examined.verdict(), told)
}

#[test]
fn what_is_put_together_is_seen_through() {
    for text in [
        "{{ ().__class__ }}",
        "{{ ''['__cla' ~ 'ss__'] }}",
        "{{ ''['__cla' + 'ss__'] }}",
        "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
        "{{ ''['\\N{LOW LINE}_class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ ''|attr('_' * 2 ~ 'class' ~ '_' * 2) }}",
        "{{ ''|attr('%sclass%s'|format('__', '__')) }}",
        "{{ ''|attr('%c%cclass__' % (95, 95)) }}",
        "{{ ''|attr(['__', 'class', '__']|join) }}",
        "{{ ''|attr('__ssalc__'|reverse) }}",
        "{{ ''['__ssalc__'[::-1]] }}",
        "{{ ''|attr('__CLASS__'.lower()) }}",
        "{{ ''|attr('--class--'|replace('-', '_')) }}",
        "{{ ''|attr(dict(__cla=1, ss__=2)|join) }}",
        "{% set a = '__cla' %}{% set b = a ~ 'ss__' %}{{ messages[b] }}",
        "{% set a %}__class__{% endset %}{{ messages|attr(a) }}",
        "{% for a in ['__class__', '__mro__'] %}{{ x|attr(a) }}{% endfor %}",
        "{% set ns = namespace(a='__class__') %}{{ x[ns.a] }}",
        "{{ {'k': '__class__'}.k|attr('lower') }}{{ x[{'k': '__class__'}['k']] }}",
        "{{ '{0.__class__.__mro__}'.format(messages) }}",
        "{{ '{a.__init__}'.format_map(dict(a=1)) }}",
        "{{ messages|map(attribute='__class__')|list }}",
        "{{ messages|map('attr', '__class__')|list }}",
        "{{ cycler.__init__.__globals__.os.popen('true').read() }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum.__globals__ }}",
        "{{ x.gi_frame.f_globals }}",
        "{{ __import__('os') }}",
        "{{ url_for.x }}{{ config.items() }}",
        "{{ x[('__class__', 1)[0]] }}",
        "{{ x['__class__' if true else 'role'] }}",
        "{% macro m() %}{{ ''.__class__ }}{% endmacro %}",
        "{%- if x is defined and ''.__class__ -%}{%- endif -%}",
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}",
        "{{ namespace(x=''.__class__).x }}",
        "{{ raise_exception(''.__class__) }}",
    ] {
        let (found, told) = verdict(text);
        assert_eq!(found, Verdict::Malicious, "{text}: {told:?}");
    }
}

#[test]
fn what_stays_unknown_where_an_attribute_is_meant_is_suspicious() {
    for text in [
        "{{ x|attr(y) }}",
        "{{ x['__' ~ y ~ '__'] }}",
        "{{ x|attr(messages[0].content) }}",
        "{{ messages[0].content.format(x) }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ frobnicate() }}",
        "{{ x.frobnicate() }}",
        "{{ (()|select|string|list)[24] ~ x }}{{ x[(()|select|string|list)[24]] }}",
        "{{ x|frobnicate }}",
        "{{ messages|map(f)|list }}",
        "{{ x()() }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{{ 'a' * 10000000 }}",
        "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}",
        "{% set s = 'a' %}{% for i in range(60) %}{% set s = s ~ s %}{% endfor %}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 9 ** 99999999 }}",
        "{{ x",
        "{% if x %}",
        "{{ }}",
        "{% endfor %}",
    ] {
        let (found, told) = verdict(text);
        assert_eq!(found, Verdict::Suspicious, "{text}: {told:?}");
    }
}

#[test]
fn strings_alone_decide_nothing() {
    for text in [
        "{{ '__class__' }} {{ message['role'] }} __globals__",
        "{% raw %}{{ ''.__class__ }}{% endraw %}{# ''.__class__ #}",
        "{% for key in message.keys() %}{{ message[key] }}{% endfor %}",
        "{{ messages[loop.index0 - 1]['content'] if loop.index0 > 0 }}",
        "{{ '{}: {}'.format(a, b) }}",
        "{% macro m(x, y='a') %}{{ x[y] }}{% endmacro %}{{ m(messages[0]) }}",
    ] {
        let (found, told) = verdict(text);
        assert_eq!(found, Verdict::Clean, "{text}: {told:?}");
    }
}

#[test]
fn says_what_a_template_needs() {
    let text = "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + m.content }}{% elif m.role in ['tool', \
                'system'] %}{{ tools | tojson }}{% endif %}{% endfor %}";
    let facts = facts(text, &Context::new()).unwrap();
    assert_eq!(facts.variables, ["bos_token", "messages", "tools"]);
    assert_eq!(facts.roles, ["system", "tool", "user"]);
    assert!(facts.tools);
}

#[test]
fn nesting_is_capped() {
    for text in [format!("{{{{ {}x{} }}}}", "(".repeat(5000), ")".repeat(5000)), "{% if x %}".repeat(5000)] {
        assert_eq!(verdict(&text).0, Verdict::Suspicious);
    }
    let chain = format!("{{{{ x{} }}}}", ".a".repeat(20_000));
    assert_eq!(verdict(&chain).0, Verdict::Clean);
}
