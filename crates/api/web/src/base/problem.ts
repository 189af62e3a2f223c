import type { components } from './schema';

type Body = components['schemas']['Problem'];

/** What turno refused, and why: for people in `message`, for programs in `kind` and `reason`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly kind: Body['kind'] | 'unknown',
    detail: string,
    readonly reason: string | null = null,
    /** Seconds after which it may be tried again. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }

  /** Nobody is signed in, or the session has ended. */
  get isSignedOut(): boolean {
    return this.kind === 'not-signed-in';
  }
}

/** The network fails, or turno does not answer. */
export class Unreachable extends Error {}

/** The problem that an answer tells. */
export async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body = (await answer.json()) as Body;
    return new Problem(answer.status, body.kind, body.detail, body.reason ?? null, body.retry_after ?? null);
  } catch {
    return new Problem(answer.status, 'unknown', answer.statusText || String(answer.status));
  }
}
