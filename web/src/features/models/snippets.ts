/** Ready texts that call a model: the right host, key and model name filled in. */
export const SNIPPETS = ['curl', 'python', 'javascript', 'langchain', 'editor'] as const;
export type SnippetKind = (typeof SNIPPETS)[number];

interface CallFacts {
  /** Base address of the gateway, with `/v1`. */
  gateway: string;
  /** The key itself just after it was issued, else the name of the variable that holds it. */
  key: string | null;
  model: string;
  mode: string;
}

export const KEY_VARIABLE = 'LITEMAAS_API_KEY';

const QUESTION = 'Say hello in one sentence.';

function curl({ gateway, key, model, mode }: CallFacts): string {
  const [path, body] =
    mode === 'embedding'
      ? ['embeddings', { model, input: QUESTION }]
      : mode === 'completion'
        ? ['completions', { model, prompt: QUESTION }]
        : ['chat/completions', { model, messages: [{ role: 'user', content: QUESTION }] }];
  return [
    `curl ${gateway}/${path} \\`,
    `  -H "Authorization: Bearer ${key ?? `$${KEY_VARIABLE}`}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}

function python({ gateway, key, model, mode }: CallFacts): string {
  const head = [
    ...(key ? [] : ['import os', '']),
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url="${gateway}", api_key=${key ? `"${key}"` : `os.environ["${KEY_VARIABLE}"]`})`,
  ];
  const body =
    mode === 'embedding'
      ? [`answer = client.embeddings.create(model="${model}", input="${QUESTION}")`, 'print(len(answer.data[0].embedding))']
      : [
          'answer = client.chat.completions.create(',
          `    model="${model}",`,
          `    messages=[{"role": "user", "content": "${QUESTION}"}],`,
          ')',
          'print(answer.choices[0].message.content)',
        ];
  return [...head, ...body].join('\n');
}

function javascript({ gateway, key, model, mode }: CallFacts): string {
  const head = [
    'import OpenAI from "openai";',
    '',
    `const client = new OpenAI({ baseURL: "${gateway}", apiKey: ${key ? `"${key}"` : `process.env.${KEY_VARIABLE}`} });`,
  ];
  const body =
    mode === 'embedding'
      ? [
          `const answer = await client.embeddings.create({ model: "${model}", input: "${QUESTION}" });`,
          'console.log(answer.data[0].embedding.length);',
        ]
      : [
          'const answer = await client.chat.completions.create({',
          `  model: "${model}",`,
          `  messages: [{ role: "user", content: "${QUESTION}" }],`,
          '});',
          'console.log(answer.choices[0].message.content);',
        ];
  return [...head, ...body].join('\n');
}

function langchain({ gateway, key, model, mode }: CallFacts): string {
  const [name, call] =
    mode === 'embedding'
      ? ['OpenAIEmbeddings', `print(len(model.embed_query("${QUESTION}")))`]
      : ['ChatOpenAI', `print(model.invoke("${QUESTION}").content)`];
  return [
    ...(key ? [] : ['import os', '']),
    `from langchain_openai import ${name}`,
    '',
    `model = ${name}(`,
    `    model="${model}",`,
    `    base_url="${gateway}",`,
    `    api_key=${key ? `"${key}"` : `os.environ["${KEY_VARIABLE}"]`},`,
    ')',
    call,
  ].join('\n');
}

/** The settings that editor assistants with an "OpenAI compatible" provider ask for. */
function editor({ gateway, key, model }: CallFacts): string {
  return [
    'API Provider: OpenAI Compatible',
    `Base URL:     ${gateway}`,
    `API Key:      ${key ?? `(${KEY_VARIABLE})`}`,
    `Model ID:     ${model}`,
  ].join('\n');
}

const WRITERS: Record<SnippetKind, (facts: CallFacts) => string> = { curl, python, javascript, langchain, editor };

/** Writes one snippet. */
export const snippet = (kind: SnippetKind, facts: CallFacts): string => WRITERS[kind](facts);
