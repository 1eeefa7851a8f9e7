/** What a run says of the code that it ran. Pure. */
import { t } from '../../shared/l10n'

export interface CodeFacts {
  /** Lower-case hex; undefined where the run names none, or something else. */
  readonly commit: string | undefined
  /** Of the repository; empty where not told. */
  readonly repository: string
  readonly branch: string
  /** The script, notebook or project that ran, as MLflow noted it: a path of that machine, or a URI. */
  readonly source: string
  readonly isProject: boolean
  readonly entryPoint: string
  /** Whether the working tree had changes, where the run says so. */
  readonly dirty: boolean | undefined
  /** The changes that were not committed, where they are kept in a tag. */
  readonly diff: string
}

const isCommit = /^[0-9a-f]{7,64}$/i

export function codeFactsOf(tags: ReadonlyMap<string, string>): CodeFacts {
  const tag = (key: string): string => tags.get(`mlflow.${key}`) ?? ''
  const commit = tag('source.git.commit').trim() || tag('databricks.gitRepoCommit').trim()
  const dirty = tag('source.git.dirty').toLowerCase()
  return {
    commit: isCommit.test(commit) ? commit.toLowerCase() : undefined,
    repository: withoutSecrets(tag('source.git.repoURL') || tag('databricks.gitRepoUrl')),
    branch: tag('source.git.branch'),
    source: tag('source.name'),
    isProject: tag('source.type') === 'PROJECT',
    entryPoint: tag('project.entryPoint') || 'main',
    dirty: dirty === 'true' ? true : dirty === 'false' ? false : undefined,
    diff: tag('source.git.diff'),
  }
}

const withoutSecrets = (url: string): string => url.replace(/^(\w+:\/\/)[^/@]*@/, '$1')

/** Whether two addresses lead to one repository: by https, ssh, with or without `.git`. */
export const isSameRepository = (one: string, other: string): boolean => plainAddress(one) === plainAddress(other)

function plainAddress(url: string): string {
  const path = withoutSecrets(url.trim().replace(/^(?:ssh:\/\/)?[\w.-]+@([^/:]+):?(?:\d+(?=\/))?\/?/, 'https://$1/'))
  return path
    .replace(/^\w+:\/\//, '')
    .replace(/#.*$/, '')
    .replace(/(?:\.git)?\/*$/, '')
    .toLowerCase()
}

/** What is known of changes that were not in the commit; in a sentence. @param logged how many files the logged diff changes */
export function uncommittedText({ dirty }: CodeFacts, logged: number | undefined): string {
  if (logged !== undefined)
    return logged === 1
      ? t(
          'With the uncommitted changes that the run logged, to 1 file. Files that git did not track are not among them.',
        )
      : t(
          'With the uncommitted changes that the run logged, to {0} files. Files that git did not track are not among them.',
          logged,
        )
  if (dirty === true) return t('The working tree had changes that were not committed, and they were not logged.')
  if (dirty === false) return t('The working tree had no changes that were not committed.')
  return t('MLflow noted the commit alone: whether the working tree had changes, the run does not say.')
}
