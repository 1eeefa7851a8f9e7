/** All suites beside this file; resolved by esbuild.mjs. */
declare module 'glob:suites' {}
