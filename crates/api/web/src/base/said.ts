import type { Forms } from './http';

type Body = Forms['MessageForm']['body'];

/** What must be said of a body that is no words. */
interface Words {
  file: string;
  location: string;
  unknown: (what: string) => string;
}

/** What a message says, in words. */
export function wordsOf(body: Body, t: Words): string {
  switch (body.kind) {
    case 'text':
    case 'card':
    case 'template':
      return body.text;
    case 'choices':
      return [body.text, ...body.choices.map((one) => `• ${one.title}`)].join('\n');
    case 'chosen':
      return `▸ ${body.title}`;
    case 'file':
    case 'file-elsewhere':
      return [`${t.file}: ${body.name ?? '-'} (${body.media})`, body.caption ?? ''].join('\n').trim();
    case 'location':
      return `${t.location}: ${body.name ?? ''} ${body.north / 1e6}, ${body.east / 1e6}`;
    case 'reaction':
      return body.sign;
    case 'other':
      return t.unknown(body.what);
  }
}
