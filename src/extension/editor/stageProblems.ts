/** Stages that MLflow does not know, and those that it knows and has deprecated. Pure. */
import { t } from '../../shared/l10n'
import { stages, type ModelVersion } from '../../shared/model'
import { oneLine } from '../tree/text'
import { rewritten, type Code, type Fix, type Problem } from './problem'
import { statementsOf } from './statements'
import { hole, writtenTexts, type Place, type WrittenText } from './textLiterals'

/** A `models:/name/stage` in the code. */
interface StageUri {
  /** Of the stage in it. */
  readonly range: Place
  /** Undefined where it is known at run time only. */
  readonly model: string | undefined
  readonly stage: string
}

/** What the store has of a model, newest version first; undefined as long as that isn't known. */
type VersionsOf = (model: string) => readonly ModelVersion[] | undefined

export function stageProblems(code: Code, versionsOf: VersionsOf): Problem[] {
  const ofCalls = code.calls.flatMap(({ fn, others }) => {
    const place = others.stage ?? others.stages
    return place ? writtenTexts(code.source, place).flatMap((written) => problemOfCall(code, fn, written)) : []
  })
  const found = [...ofCalls, ...stageUris(code.source).map((uri) => problemOfUri(uri, versionsOf))]
  // A constant may be passed to several calls.
  return [...new Map(found.map((problem) => [`${problem.range.start} ${problem.message}`, problem])).values()]
}

/** Models that the code loads by a stage. */
export const stagedModels = (source: string): string[] => stageUris(source).flatMap(({ model }) => model ?? [])

function problemOfCall({ source }: Code, fn: string, written: WrittenText): Problem[] {
  if (written.text.includes(hole)) return []
  if (isStage(written.text))
    return [
      deprecated(
        written,
        fn === 'transition_model_version_stage'
          ? t('Give the version an alias instead: {0}', 'set_registered_model_alias(name, alias, version)')
          : t('Find the version by an alias instead: {0}', 'get_model_version_by_alias(name, alias)'),
      ),
    ]
  return [unknown(written.text, written, (stage) => rewritten(source, written, stage))]
}

function problemOfUri({ range, model, stage }: StageUri, versionsOf: VersionsOf): Problem {
  if (!isStage(stage)) return unknown(stage, range, (text) => ({ range, text }))
  // MLflow loads the newest version of a stage: an alias of that very one changes nothing today.
  const versions = model === undefined ? [] : (versionsOf(model) ?? [])
  const loaded = versions.find(({ currentStage }) => currentStage.toLowerCase() === stage.toLowerCase())
  const aliases = (loaded?.aliases ?? []).filter((alias) => /^[\w-]+$/.test(alias))
  const fixes = aliases.map((alias) => ({
    title: t('Change to “{0}”, now version {1} as well', `models:/${model ?? ''}@${alias}`, loaded?.version ?? ''),
    edit: { range: { start: range.start - 1, end: range.end }, text: `@${alias}` },
  }))
  return { ...deprecated(range, t('Load the model by an alias instead: {0}', 'models:/name@alias')), fixes }
}

const isStage = (text: string): boolean => stages.some((stage) => stage.toLowerCase() === text.toLowerCase())

const deprecated = ({ start, end }: Place, instead: string): Problem => ({
  ...{ kind: 'deprecatedStages', range: { start, end }, fixes: [] },
  message: t('MLflow has deprecated stages. {0}', instead),
})

function unknown(text: string, { start, end }: Place, editFor: (stage: string) => Fix['edit']): Problem {
  const fixes = byLikeness(text).flatMap((stage): Fix[] => {
    const edit = editFor(stage)
    return edit ? [{ title: t('Change to “{0}”', stage), edit }] : []
  })
  const message = t('MLflow has no stage “{0}”. Its stages are {1}.', oneLine(text), stages.join(', '))
  return { kind: 'stages', range: { start, end }, message, fixes }
}

/** The stages, those first that begin as the text does. */
function byLikeness(text: string): readonly string[] {
  const common = (stage: string): number => {
    let length = 0
    while (length < stage.length && stage[length]?.toLowerCase() === text[length]?.toLowerCase()) length++
    return length
  }
  return stages.toSorted((a, b) => common(b) - common(a))
}

const uri = /(?<![\w"'])([A-Za-z]{0,2})("""|'''|"|')(models:\/([^/@"'\\\n]+)\/([^/@"'\\\n{}]+))\2/g

function stageUris(source: string): StageUri[] {
  if (!source.includes('models:/')) return []
  const docs = statementsOf(source).filter(({ start }) => /^[rRuU]?(?:"""|''')/.test(source.slice(start, start + 4)))
  const found: StageUri[] = []
  for (const match of source.matchAll(uri)) {
    const [, prefix = '', quotes = '', text = '', model = '', stage = ''] = match
    const start = match.index + prefix.length + quotes.length
    const isProse =
      source.slice(source.lastIndexOf('\n', start) + 1, start).includes('#') ||
      docs.some((doc) => doc.start <= start && start < doc.end)
    if (isProse || /^\d+$/.test(stage) || /^latest$/i.test(stage) || stage.trim() === '') continue
    const isKnown = !(/f/i.test(prefix) && /[{}]/.test(model))
    const end = start + text.length
    found.push({ range: { start: end - stage.length, end }, model: isKnown ? model : undefined, stage })
  }
  return found
}
