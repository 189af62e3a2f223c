import { moment } from '../days';
import { w } from '../words/contacts';

interface Said {
  at: number;
  kind: string;
  text: string;
  more?: string[];
}

/** Sentences in order, each with its moment and what explains it. */
export function Why({ told }: { told: unknown }) {
  const sentences = ((told as { sentences?: Said[] }).sentences ?? []) as Said[];
  return (
    <ol class="why">
      {sentences.map((said, place) => (
        <li key={place}>
          <time class="soft">{moment(said.at)}</time> {said.text}
          {said.more && said.more.length > 0 && (
            <details>
              <summary>{w.value.moreOnIt}</summary>
              <ul>
                {said.more.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
