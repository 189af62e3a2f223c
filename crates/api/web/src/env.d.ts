/** The version of the pages, a hash of what is in them; empty while they are worked on. */
declare const __PAGES_VERSION__: string;
