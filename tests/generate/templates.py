"""Chat templates and what Jinja itself says of them: `tests/corpus/templates/templates.json`.

Honest templates are written in the manner of the families that people use. Each is also broken in many ways, by cutting,
doubling or replacing a token, and jinja2 says which of the results it accepts. Hostile ones combine ways to reach an
attribute with ways to spell its name. Nothing is rendered.

    pip install -r requirements-templates.txt
    python templates.py
"""

import json
import random
import re
from pathlib import Path

import jinja2
import jinja2.ext

OUT = Path(__file__).resolve().parent.parent / "corpus" / "templates" / "templates.json"
EDITS = 40  # of each honest template


class Generation(jinja2.ext.Extension):
    """The tag with which hosts mark what the model says."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body).set_lineno(line)


ENVIRONMENT = jinja2.Environment(
    trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", Generation]
)


def accepts(text: str) -> bool:
    try:
        ENVIRONMENT.parse(text)
    except jinja2.TemplateSyntaxError:
        return False
    return True


HONEST = {
    "chatml": """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "chatml_with_system": """{%- if messages[0]['role'] != 'system' -%}
    {{- '<|im_start|>system\\nYou answer briefly.<|im_end|>\\n' -}}
{%- endif -%}
{%- for m in messages -%}
    {%- if loop.first and m.role == 'system' and not m.content -%}{%- continue -%}{%- endif -%}
    {{- '<|im_start|>' ~ m.role ~ '\\n' ~ (m.content | trim) ~ '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}""",
    "llama2": """{% if messages[0]['role'] == 'system' %}{% set turns = messages[1:] %}{% set system = messages[0]['content'] %}{% else %}{% set turns = messages %}{% set system = false %}{% endif %}{% for message in turns %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate user and assistant') }}{% endif %}{% if loop.index0 == 0 and system != false %}{% set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "llama3": """{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}""",
    "llama3_tools": """{{- bos_token }}
{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}
{%- if not tools_in_user_message is defined %}{%- set tools_in_user_message = true %}{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}
{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {%- for t in tools %}{{- t | tojson(indent=4) }}{{- "\\n\\n" }}{%- endfor %}
{%- endif %}
{{- system_message }}{{- "<|eot_id|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}{{- raise_exception("one call at a time") }}{%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {%- if builtin_tools is defined and tool_call.name in builtin_tools %}
            {{- "<|python_tag|>" + tool_call.name + ".call(" }}
            {%- for arg_name, arg_val in tool_call.arguments | items %}
                {{- arg_name + '="' + arg_val + '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}
            {%- endfor %}
            {{- ")" }}
        {%- else %}
            {{- '{"name": "' + tool_call.name + '", "parameters": ' }}{{- tool_call.arguments | tojson }}{{- "}" }}
        {%- endif %}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {%- if message.content is mapping or message.content is iterable %}{{- message.content | tojson }}{%- else %}{{- message.content }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}""",
    "mistral": """{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}{{ ' [INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'] + ' ' + eos_token}}{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}""",
    "mistral_tools": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace(index=0) %}
{%- for message in loop_messages %}
    {%- if not (message.role == "tool" or message.role == "tool_results" or (message.tool_calls is defined and message.tool_calls is not none)) %}
        {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("roles must alternate") }}{%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val|tojson }}{%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" }}{%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
        {%- endif %}
        {%- if loop.last and system_message is defined %}{{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}{%- else %}{{- "[INST] " + message["content"] + "[/INST]" }}{%- endif %}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}{{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}{{- raise_exception("call ids have nine characters") }}{%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" + eos_token }}{%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}{{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool_results" or message["role"] == "tool" %}
        {%- if message.content is defined and message.content.content is defined %}{%- set content = message.content.content %}{%- else %}{%- set content = message.content %}{%- endif %}
        {{- '[TOOL_RESULTS] {"content": ' + content|string + ", " }}{{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- else %}{{- raise_exception("unknown role") }}{%- endif %}
{%- endfor %}""",
    "qwen2_5": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}{{- messages[0]['content'] }}{%- else %}{{- 'You help.' }}{%- endif %}
    {{- "\\n\\n# Tools\\n\\n<tools>" }}
    {%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}
    {{- "\\n</tools>\\n\\n<tool_call>\\n{\\"name\\": <function-name>, \\"arguments\\": <args-json-object>}\\n</tool_call><|im_end|>\\n" }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}{{- tool_call.arguments | tojson }}{{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' }}{{- message.content }}{{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}{{- '<|im_end|>\\n' }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}""",
    "qwen3": """{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}{%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning_content)) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}{{- '<|im_start|>' + message.role + '\\n' + content }}{%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- else %}{{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}""",
    "qwen3_coder": """{% macro render_extra_keys(json_dict, handled_keys) %}
    {%- if json_dict is mapping %}
        {%- for json_key in json_dict if json_key not in handled_keys %}
            {%- if json_dict[json_key] is mapping or (json_dict[json_key] is sequence and json_dict[json_key] is not string) %}
                {{- '\\n<' ~ json_key ~ '>' ~ (json_dict[json_key] | tojson | safe) ~ '</' ~ json_key ~ '>' }}
            {%- else %}{{- '\\n<' ~ json_key ~ '>' ~ (json_dict[json_key] | string) ~ '</' ~ json_key ~ '>' }}{%- endif %}
        {%- endfor %}
    {%- endif %}
{% endmacro %}
{%- for tool in tools or [] %}
    {%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}
    {{- "\\n<function>\\n<name>" ~ tool.name ~ "</name>" }}
    {%- if tool.parameters is mapping and tool.parameters.properties is mapping %}
        {%- for param_name, param_fields in tool.parameters.properties|items %}
            {{- '\\n<name>' ~ param_name ~ '</name>' }}
            {%- set handled_keys = ['name', 'type', 'description'] %}
            {{- render_extra_keys(param_fields, handled_keys) }}
        {%- endfor %}
    {%- endif %}
    {{- render_extra_keys(tool, ['type', 'name', 'description', 'parameters']) }}
{%- endfor %}""",
    "gemma": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}""",
    "gemma3": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}{%- set first_user_prefix = messages[0]['content'] + '\\n\\n' -%}{%- else -%}{%- set first_user_prefix = messages[0]['content'][0]['text'] + '\\n\\n' -%}{%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}{%- set first_user_prefix = "" -%}{%- set loop_messages = messages -%}{%- endif -%}
{%- for message in loop_messages -%}
    {{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}{{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}{%- if item['type'] == 'image' -%}{{ '<start_of_image>' }}{%- elif item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}{%- endfor -%}
    {%- else -%}{{ raise_exception("wrong content") }}{%- endif -%}
    {{ '<end_of_turn>\\n' }}
{%- endfor -%}""",
    "phi3": """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    "phi4": """{% for message in messages %}{% if message['role'] == 'system' and 'tools' in message and message['tools'] is not none %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|tool|>' + message['tools'] + '<|/tool|>' + '<|end|>' }}{% else %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}""",
    "deepseek_r1": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, is_output_first=true, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<|User|>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is none %}{%- set ns.is_tool = false -%}{%- for tool in message['tool_calls']%}{%- if not ns.is_first %}{{'<|Assistant|><|tool_calls_begin|>' + tool['type'] + '<|tool_sep|>' + tool['function']['name'] + '\\n' + '```json' + '\\n' + tool['function']['arguments'] + '\\n' + '```'}}{%- set ns.is_first = true -%}{%- else %}{{'\\n' + tool['function']['name']}}{%- endif %}{%- endfor %}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<|Assistant|>' + content + '<|end_of_sentence|>'}}{%- endif %}{%- endfor -%}{% if add_generation_prompt and not ns.is_tool %}{{'<|Assistant|><think>\\n'}}{% endif %}""",
    "command_r": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% elif false == true %}{% set loop_messages = messages %}{% set system_message = 'You help.' %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% if system_message != false %}{{ '<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>' + system_message + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% for message in loop_messages %}{% set content = message['content'] %}{% if message['role'] == 'user' %}{{ '<|START_OF_TURN_TOKEN|><|USER_TOKEN|>' + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% elif message['role'] == 'assistant' %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'  + content.strip() + '<|END_OF_TURN_TOKEN|>' }}{% endif %}{% endfor %}""",
    "command_r_tools": """
{%- macro json_to_python_type(json_spec) %}
{%- set basic_type_map = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
{%- if basic_type_map[json_spec.type] is defined %}{{- basic_type_map[json_spec.type] }}
{%- elif json_spec.type == "array" %}{{- "List[" + json_to_python_type(json_spec.items) + "]"}}
{%- elif json_spec.type == "object" %}{{- "Dict[str, " + json_to_python_type(json_spec.additionalProperties) + ']'}}
{%- elif json_spec.type is iterable %}{{- "Union[" }}{%- for t in json_spec.type %}{{- json_to_python_type({"type": t}) }}{%- if not loop.last %}{{- "," }}{%- endif %}{%- endfor %}{{- "]" }}
{%- else %}{{- "Any" }}{%- endif %}
{%- endmacro %}
{%- macro old_tool_parser(tools) %}
{%- for tool in tools %}
    {%- if loop.index0 != 0 %}{{- '\\n\\n' }}{%- endif %}
    {{- '```python\\ndef ' + tool.name + '(' }}
    {%- for param_name, param_fields in tool.parameter_definitions|items %}
        {%- if loop.index0 != 0 %}{{- ', '}}{%- endif %}
        {{- param_name + ': ' }}{%- if not param_fields.required %}{{- 'Optional[' + param_fields.type + '] = None'}}{%- else %}{{- param_fields.type }}{%- endif %}
    {%- endfor %}
    {{- ') -> List[Dict]:\\n    \"\"\"'}}{{- tool.description }}{{- '\"\"\"\\n    pass\\n```' }}
{%- endfor %}
{%- endmacro %}
{{- old_tool_parser(tools) }}{{ json_to_python_type({"type": "string"}) }}""",
    "granite": """{%- if tools %}{{- '<|start_of_role|>available_tools<|end_of_role|>\\n' }}{%- for tool in tools %}{{- tool | tojson(indent=4) }}{%- if not loop.last %}{{- '\\n\\n' }}{%- endif %}{%- endfor %}{{- '<|end_of_text|>\\n' }}{%- endif %}{%- for message in messages %}{%- if message['role'] == 'system' %}{{- '<|start_of_role|>system<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' }}{%- elif message['role'] == 'assistant_tool_call' %}{{- '<|start_of_role|>assistant<|end_of_role|><|tool_call|>' + message['content'] + '<|end_of_text|>\\n' }}{%- else %}{{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' }}{%- endif %}{%- if loop.last and add_generation_prompt %}{{- '<|start_of_role|>assistant<|end_of_role|>' }}{%- endif %}{%- endfor %}""",
    "zephyr": """{% for message in messages %}\\n{% if message['role'] == 'user' %}\\n{{ '<|user|>\\n' + message['content'] + eos_token }}\\n{% elif message['role'] == 'system' %}\\n{{ '<|system|>\\n' + message['content'] + eos_token }}\\n{% elif message['role'] == 'assistant' %}\\n{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\\n{% endif %}\\n{% if loop.last and add_generation_prompt %}\\n{{ '<|assistant|>' }}\\n{% endif %}\\n{% endfor %}""",
    "vicuna": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{{ bos_token }}{% for message in messages %}{% if message.role == 'system' %}{{ message.content ~ ' ' }}{% elif message.role == 'user' %}{{ 'USER: ' ~ message.content }}{% else %}{{ ' ASSISTANT: ' ~ message.content ~ eos_token }}{% endif %}{% endfor %}""",
    "alpaca": """{% for message in messages %}{{ '### ' ~ message.role|capitalize ~ ':\\n' ~ message.content|default('', true) ~ '\\n\\n' }}{% endfor %}""",
    "falcon": """{% for message in messages %}{% if not loop.first %}{{ '\\n' }}{% endif %}{% if message['role'] == 'system' %}{{ 'System: ' }}{% elif message['role'] == 'user' %}{{ 'User: ' }}{% elif message['role'] == 'assistant' %}{{ 'Falcon: ' }}{% endif %}{{ message['content'] }}{% endfor %}""",
    "hermes_tools": """{%- macro json_to_python_type(json_spec) %}
    {%- set basic_type_map = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}
    {%- if basic_type_map[json_spec.type] is defined %}{{- basic_type_map[json_spec.type] }}{%- elif json_spec.type == "array" %}{{- "list[" + json_to_python_type(json_spec|items) + "]" }}{%- else %}{{- "Any" }}{%- endif %}
{%- endmacro %}
{%- for tool in tools %}
    {%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}
    {{- '{"type": "function", "function": {"name": "' + tool.name + '", "description": "' + tool.name + '(' }}
    {%- for param_name, param_fields in tool.parameters.properties|items %}{{- param_name + ": " + json_to_python_type(param_fields) }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}
    {{- ")" }}
    {%- if tool.return is defined %}{{- " -> " + json_to_python_type(tool.return) }}{%- endif %}
    {{- " - " + tool.description + "\\n\\n" }}
    {%- if tool.parameters.properties | length == 0 %}{{- ", \\"parameters\\": {}}" }}{%- else %}{{- ', "parameters": ' }}{{- tool.parameters | tojson }}{{- "}" }}{%- endif %}
{%- endfor %}""",
    "gpt_oss": """{%- macro render_typescript_type(param_spec, required_params, is_nullable=false) -%}
    {%- if param_spec.type == "array" -%}
        {%- if param_spec['items'] -%}{{- render_typescript_type(param_spec['items'], required_params) + "[]" }}{%- else -%}{{- "any[]" }}{%- endif -%}
        {%- if param_spec.nullable -%}{{- " | null" }}{%- endif -%}
    {%- elif param_spec.type is defined and param_spec.type is iterable and param_spec.type is not string and param_spec.type is not mapping and param_spec.type[0] is defined -%}
        {%- if param_spec.type | length > 1 -%}{{- param_spec.type | join(" | ") }}{%- else -%}{{- param_spec.type[0] }}{%- endif -%}
    {%- elif param_spec.enum -%}{{- '"' + param_spec.enum|join('" | "') + '"' -}}
    {%- else -%}{{- "any" }}{%- endif -%}
{%- endmacro -%}
{%- macro build_system_message() -%}
    {%- if model_identity is not defined %}{%- set model_identity = "You are a model." %}{%- endif %}
    {{- model_identity + "\\n" }}{{- "Current date: " + strftime_now("%Y-%m-%d") + "\\n\\n" }}
    {%- if reasoning_effort is not defined %}{%- set reasoning_effort = "medium" %}{%- endif %}
{%- endmacro -%}
{{- "<|start|>system<|message|>" }}{{- build_system_message() }}{{- "<|end|>" }}
{%- set last_tool_call = namespace(name=none) %}
{%- for message in messages -%}
    {%- if message.role == 'assistant' -%}
        {%- set future_final_message = namespace(found=false) %}
        {%- for future_message in messages[loop.index:] %}{%- if future_message.role == 'assistant' and "tool_calls" not in future_message %}{%- set future_final_message.found = true %}{%- endif %}{%- endfor %}
        {%- if "tool_calls" in message %}{%- set tool_call = message.tool_calls[0] %}{%- set last_tool_call.name = tool_call.name %}{{- "to=functions." + tool_call.name }}{%- endif %}
        {% generation %}{{- message.content }}{% endgeneration %}
    {%- elif message.role == 'tool' -%}{%- if last_tool_call.name is none %}{{- raise_exception("no call") }}{%- endif %}{{- "<|start|>functions." + last_tool_call.name }}
    {%- endif -%}
{%- endfor -%}""",
    "smollm": """{%- set reasoning_mode = "/think" if enable_thinking is not defined or enable_thinking else "/no_think" -%}
{%- if messages and messages[0].role == "system" -%}{%- set system_message = messages[0].content -%}
  {%- if "/no_think" in system_message -%}{%- set reasoning_mode = "/no_think" -%}{%- endif -%}
  {%- set custom_instructions = system_message.replace("/no_think", "").replace("/think", "").rstrip() -%}
{%- endif -%}
{%- if xml_tools or python_tools or tools -%}{%- set ns = namespace(s="[") -%}{%- for tool in xml_tools or tools -%}{%- set ns.s = ns.s ~ (tool | string) ~ "\\n" -%}{%- endfor -%}{{ ns.s }}{%- endif -%}
{{ custom_instructions | default("") | replace("a", "b") }}""",
    "nemotron": """{% set tool_definitions = 'x' %}{%- set ns = namespace(count=0) %}{% for message in messages %}{%- if message.role == 'user' and loop.index0 is divisibleby 2 %}{%- set ns.count = ns.count + 1 -%}{%- endif %}{{ '%s: %s' % (message.role, message.content) }}{{ "{:>3}".format(ns.count) }}{% endfor %}{{ messages | map(attribute='role') | unique | join(', ') }}""",
    "exaone": """{% for message in messages %}{% if loop.first and message['role'] != 'system' %}{{ '[|system|][|endofturn|]\\n' }}{% endif %}{{ '[|' + message['role'] + '|]' + message['content'] }}{% if message['role'] == 'user' %}{{ '\\n' }}{% else %}{{ '[|endofturn|]\\n' }}{% endif %}{% endfor %}""",
    "vision": """{% set image_count = namespace(value=0) %}{% for message in messages %}{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|image|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}{% endif %}{% endfor %}""",
    "caller": """{% macro turn(role) -%}<{{ role }}>{{ caller(role) }}</{{ role }}>{%- endmacro %}{% for m in messages %}{% call(r) turn(m.role) %}{{ m.content }} {{ r }}{% endcall %}{% endfor %}{% filter upper %}end{% endfilter %}""",
    "plain": "{{ bos_token }}{# nothing else #}{% raw %}{{ not an expression }}{% endraw %}",
}

SNIPPETS = [
    "{{ a.b.c[0]['d'](1, *x, k=2, **y) }}", "{{ a if b }}", "{{ a if b else c if d else e }}", "{{ not not a }}",
    "{{ -1 ** 2 }}", "{{ 1 < 2 < 3 }}", "{{ a not in b }}", "{{ a is not none }}", "{{ a is divisibleby 3 }}",
    "{{ a is sameas(b) }}", "{{ a is eq b }}", "{{ a is b is c }}", "{{ 'a' 'b' }}", "{{ 0x1F + 0b11 + 0o17 + 1_000 }}",
    "{{ 1.5e3 }}", "{{ 1. }}", "{{ .5 }}", "{{ a.1 }}", "{{ a.1.2 }}", "{{ 01 }}", "{{ 00 }}", "{{ 1__0 }}", "{{ {} }}",
    "{{ {'a': {'b': 1}} }}", "{{ {'a' 1} }}", "{{ [1, 2,] }}", "{{ [,] }}", "{{ () }}", "{{ (1,) }}", "{{ 1, 2 }}",
    "{{ (1, 2) }}", "{{ a[1:2, ::3] }}", "{{ a[:] }}", "{{ a[] }}", "{{ a[1:2:3:4] }}", "{{ a| }}", "{{ a|b.c }}",
    "{{ a|b(1)|c }}", "{{ a|b(1)(2) }}", "{{ |a }}", "{{ f(a=1, 2) }}", "{{ f(**a, *b) }}", "{{ f(*a, *b) }}",
    "{{ f(**a, b=1) }}", "{{ f(a, b,) }}", "{{ f(,) }}", "{{ a b }}", "{{ a; }}", "{{ a ! b }}", "{{ a ? b }}", "{{ 'x }}",
    "{{ '\\x4' }}", "{{ '\\u12' }}", "{{ '\\q' }}", "{{ '\\777' }}", "{{ \"it's\" }}", "{{ true + True + none + None }}",
    "{% set true = 1 %}", "{% set a.b = 1 %}", "{% set a, b = 1, 2 %}", "{% set a[0] = 1 %}", "{% set (a, b) = c %}",
    "{% set a %}x{% endset %}", "{% set a | upper %}x{% endset %}", "{% set a %}", "{% set a = %}", "{% set = 1 %}",
    "{% for a in b %}{% else %}{% endfor %}", "{% for a, b in c recursive %}{{ loop(d) }}{% endfor %}",
    "{% for a in b if c %}{% endfor %}", "{% for a.b in c %}{% endfor %}", "{% for a in %}{% endfor %}",
    "{% for in b %}{% endfor %}", "{% for a in b, c %}{% endfor %}", "{% for a in b if c else d %}{% endfor %}",
    "{% if a %}{% elif b %}{% else %}{% endif %}", "{% if a %}{% else %}{% elif b %}{% endif %}", "{% if %}{% endif %}",
    "{% if a: %}{% endif %}", "{% endif %}", "{% else %}", "{% if a %}", "{% block a %}{% endblock a %}",
    "{% block a %}{% endblock b %}", "{% block a-b %}{% endblock %}", "{% block a required %}{% endblock %}",
    "{% macro a(b, c=1) %}{% endmacro %}", "{% macro a(b=1, c) %}{% endmacro %}", "{% macro a() %}{% endmacro a %}",
    "{% macro %}{% endmacro %}", "{% call a() %}{% endcall %}", "{% call a %}{% endcall %}",
    "{% call(x) a(1) %}{% endcall %}", "{% filter a|b(1) %}{% endfilter %}", "{% filter %}{% endfilter %}",
    "{% with a=1, b=2 %}{% endwith %}", "{% with %}{% endwith %}", "{% with a %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}", "{% include 'a' %}", "{% include ['a', b] ignore missing with context %}",
    "{% import 'a' as b %}", "{% import 'a' %}", "{% from 'a' import b, c as d with context %}",
    "{% from 'a' import _b %}", "{% from 'a' import %}", "{% extends 'a' %}", "{% print a, b %}", "{% print %}", "{% do a %}",
    "{% break %}", "{% continue %}", "{% unknown %}", "{% 1 %}", "{% %}", "{%- -%}", "{{- a -}}", "{{+ a }}", "{{ a +}}",
    "{%+ if a +%}{%+ endif -%}", "{# a", "{# a #}", "{#- a -#}", "{% raw %}{{ {% endraw %}", "{% raw %}", "{%- raw -%}{%- endraw -%}",
    "{{", "}}", "%}", "{", "{{ } }}", "{{ ) }}", "{{ (] }}", "{{ a }} }}", "{{ é }}", "{{ a$b }}", "{{ a\n.b }}",
    "{% if a %}{{ b }}{% endif %}{% generation %}{% endgeneration %}", "{% generation %}", "{{ a~b~'c' }}", "{{ a//b%c*d/e }}",
    "{{ a==b!=c>=d<=e }}", "{{ a=b }}", "{{ a in b in c }}", "{{ not a in b }}", "{{ a and b or not c and d }}",
    "{{ lambda x: x }}", "{{ a[b for b in c] }}", "{{ *a }}", "{{ a.b() .c }}", "{{ (a)(b) }}", "{{ 'a'.b }}", "{{ 1.b }}",
    "{{ [1][0] }}", "{{ {'a':1}.a }}", "{{ a is }}", "{{ a is not }}", "{{ a is not b }}", "{{ a is b(c) d }}",
    "{{ a is string and b }}", "{{ a is in [1] }}", "{{ a is in b.c }}", "{{ a if b else }}", "{{ if a }}",
]

SPELLINGS = {
    "plain": lambda name: f"'{name}'",
    "joined": lambda name: f"'{name[:4]}' ~ '{name[4:]}'",
    "added": lambda name: f"'{name[:3]}' + '{name[3:]}'",
    "escaped": lambda name: "'" + "".join(f"\\x{ord(c):02x}" for c in name) + "'",
    "unicode": lambda name: "'" + name.replace("_", "\\u005f") + "'",
    "octal": lambda name: "'" + name.replace("_", "\\137") + "'",
    "named": lambda name: "'" + name.replace("_", "\\N{LOW LINE}") + "'",
    "reversed": lambda name: f"'{name[::-1]}'|reverse",
    "sliced": lambda name: f"'{name[::-1]}'[::-1]",
    "part": lambda name: f"'xx{name}xx'[2:-2]",
    "listed": lambda name: "[" + ", ".join(f"'{c}'" for c in name) + "]|join",
    "method": lambda name: f"''.join(['{name[:5]}', '{name[5:]}'])",
    "replaced": lambda name: f"'{name.replace('_', '-')}'|replace('-', '_')",
    "replace_method": lambda name: f"'{name.replace('_', '@')}'.replace('@', '_')",
    "percent": lambda name: f"'%s%s' % ('{name[:2]}', '{name[2:]}')",
    "characters": lambda name: "'" + "%c" * len(name) + "' % (" + ", ".join(str(ord(c)) for c in name) + ")",
    "format_filter": lambda name: f"'%s%s'|format('{name[:6]}', '{name[6:]}')",
    "format": lambda name: f"'{{0}}{{1}}'.format('{name[:4]}', '{name[4:]}')",
    "lower": lambda name: f"'{name.upper()}'|lower",
    "swapped": lambda name: f"'{name.upper()}'.swapcase()",
    "repeated": lambda name: f"'_' * 2 ~ '{name.strip('_')}' ~ '_' * 2",
    "keys": lambda name: f"dict({name}=1)|join",
    "first_key": lambda name: f"dict({name}=1)|list|first",
    "looked_up": lambda name: f"{{'k': '{name}'}}['k']",
    "item": lambda name: f"('x', '{name}')[1]",
    "condition": lambda name: f"('{name}' if true else 'role')",
    "either": lambda name: f"(none or '{name}')",
    "default": lambda name: f"(nothing|default('{name}'))",
    "stripped": lambda name: f"'  {name}  '|trim",
    "split": lambda name: f"'a,{name}'.split(',')[1]",
}
REACHES = ["{{{{ messages[{0}] }}}}", "{{{{ ''|attr({0}) }}}}", "{{{{ ''[{0}][1] }}}}",
           "{{% set key = {0} %}}{{{{ messages[key] }}}}", "{{% set ns = namespace(k={0}) %}}{{{{ x|attr(ns.k) }}}}",
           "{{% for key in [{0}] %}}{{{{ x|attr(key) }}}}{{% endfor %}}", "{{{{ messages|map(attribute={0})|list }}}}",
           "{{% with k = {0} %}}{{{{ x[k] }}}}{{% endwith %}}"]
NAMES = ["__class__", "__globals__", "__init__"]

HOSTILE = {
    "malicious": [
        "{{ self.__init__.__globals__.__builtins__ }}", "{{ self._TemplateReference__context.cycler }}",
        "{{ cycler.__init__.__globals__.os.popen('true').read() }}", "{{ joiner.__init__.__globals__['os'] }}",
        "{{ namespace.__init__.__globals__.os.system('true') }}", "{{ lipsum.__globals__['os'].popen('true') }}",
        "{{ range.__class__ }}", "{{ dict.__base__.__subclasses__() }}", "{{ loop.__class__ }}",
        "{{ messages.__class__.mro() }}", "{{ x.mro() }}", "{{ ''.__class__.__mro__[1].__subclasses__()[40]('/etc/passwd').read() }}",
        "{{ raise_exception.__globals__ }}", "{{ strftime_now.__globals__['sys'].modules['os'].system('true') }}",
        "{{ (x|attr('gi_frame')).f_builtins }}", "{{ x.gi_frame.f_back.f_globals }}", "{{ x.f_globals['os'] }}",
        "{{ '{0.__class__}'.format(x) }}", "{{ '{x.__init__.__globals__}'.format(x=messages) }}",
        "{{ '{0[__class__]}'.format(x) }}", "{{ ('{0.__cla' ~ 'ss__}').format(x) }}", "{{ '{x.__class__}'.format_map({'x': 1}) }}",
        "{{ messages|map('attr', '__class__')|list }}", "{{ messages|selectattr('__class__')|list }}",
        "{{ messages|groupby('__class__') }}", "{{ messages|sort(attribute='__class__') }}", "{{ messages|sum('x')|attr('__class__') }}",
        "{% macro m() %}{{ m.__globals__ }}{% endmacro %}{{ m() }}", "{% macro m() %}{{ caller.__class__ }}{% endmacro %}",
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}", "{% block b %}{{ self.b.__func__ }}{% endblock %}",
        "{{ __builtins__ }}", "{{ __import__('os').system('true') }}", "{{ eval('1') }}", "{{ os.system('true') }}",
        "{{ url_for.__globals__ }}", "{{ request.application.x }}", "{{ get_flashed_messages.__globals__ }}", "{{ config.items() }}",
        "{% if ''.__class__ %}{% endif %}", "{% for x in ''.__class__.__mro__ %}{% endfor %}", "{{ raise_exception(''.__class__) }}",
        "{% include x.__class__ %}", "{{ x is sameas ''.__class__ }}", "{{ [''.__class__][0] }}", "{{ {''.__class__: 1} }}",
        "{{ x[''.__class__] }}", "{{ x[1:''.__class__] }}", "{{ f(''.__class__) }}", "{{ x if ''.__class__ else y }}", "{{ not ''.__class__ }}",
        "{{ -''.__class__ }}", "{{ 1 < ''.__class__ }}", "{{ x|default(''.__class__) }}", "{% filter replace(''.__class__, 'a') %}{% endfilter %}",
        "{% call(x=''.__class__) m() %}{% endcall %}", "{% macro m(x=''.__class__) %}{% endmacro %}", "{% print ''.__class__ %}",
        "{% autoescape ''.__class__ %}{% endautoescape %}", "{# #}{{ 1 }}{{ ''.__class__ }}", "{{ ''.\n__class__ }}",
    ],
    "suspicious": [
        "{{ x|attr(y) }}", "{{ x|attr(y ~ z) }}", "{{ x['__' ~ y ~ '__'] }}", "{{ x|attr(messages[0].content) }}",
        "{{ messages[0]['content'].format(messages) }}", "{{ messages|map(y)|list }}", "{{ messages|map(attribute=y)|list }}",
        "{{ x.frobnicate() }}", "{{ frobnicate() }}", "{{ x()() }}", "{{ x[y]() }}", "{{ (x|attr('get'))()() }}", "{{ x|frobnicate }}",
        "{{ x is frobnicated }}", "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{{ lipsum() }}",
        "{{ x[(()|select|string|list)[24]] }}", "{{ x[lipsum|string|list|last] }}", "{{ '{0.a}'.format(x) }}",
        "{% for i in range(10**9) %}{% endfor %}", "{% for i in range(1000000000) %}x{% endfor %}", "{{ 'x' * 1000000000 }}",
        "{{ ['x'] * 99999999 }}", "{{ '%1000000000d' % 1 }}", "{{ '%1000000000d'|format(1) }}", "{{ '{:>1000000000}'.format(1) }}",
        "{{ 'x'|center(1000000000) }}", "{{ 'x'.zfill(1000000000) }}", "{{ 2 ** 1000000000 }}", "{{ 9 ** 9 ** 9 }}", "{{ 'x'|indent(1000000000) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set s = 'x' %}{% for i in range(99) %}{% set s = s + s %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    ],
}


def edits(text: str, rng: random.Random):
    """Places to cut, double or replace a token of a tag."""
    places = []
    for tag in re.finditer(r"\{[%{].*?[%}]\}", text, re.S):
        places += [(tag.start() + m.start(), tag.start() + m.end()) for m in re.finditer(r"\{[%{]-?|-?[%}]\}|'[^']*'|\w+|[^\w\s]", tag.group())]
    for _ in range(EDITS):
        start, end = rng.choice(places)
        other = rng.choice(places)
        token = text[start:end]
        new = rng.choice(["", token + " " + token, text[other[0] : other[1]], rng.choice(["(", ")", "[", "]", "|", ".", ",", "if", "else", "in", "is", "not", "1", "'"])])
        yield [start, end, new]


def main() -> None:
    rng = random.Random(20260101)
    honest = []
    for name, text in HONEST.items():
        assert accepts(text), name
        broken = [[*edit, accepts(text[: edit[0]] + edit[2] + text[edit[1] :])] for edit in edits(text, rng)]
        honest.append({"name": name, "text": text, "edits": broken})
    snippets = [[text, accepts(text)] for text in SNIPPETS]
    malicious = list(HOSTILE["malicious"])
    for reach in REACHES:
        for spell in SPELLINGS.values():
            malicious.append(reach.format(spell(rng.choice(NAMES))))
    for text in malicious + HOSTILE["suspicious"]:
        assert accepts(text), text
    document = {"honest": honest, "snippets": snippets, "malicious": malicious, "suspicious": HOSTILE["suspicious"]}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n")
    total = sum(len(item["edits"]) for item in honest)
    print(f"{len(honest)} honest, {total} edits, {len(snippets)} snippets, {len(malicious)} malicious")


if __name__ == "__main__":
    main()
