/** Where an argument is: its position and keywords. */
interface Parameter {
  readonly at?: number
  readonly keywords?: readonly string[]
  /** Position in the method of `MlflowClient`. */
  readonly ofClient?: number
}

/** What arguments other than the key are. */
export const roles = ['value', 'filter', 'order', 'stage', 'stages', 'run', 'experiments'] as const
export type Role = (typeof roles)[number]

/** Where a function's key is. */
interface Function extends Parameter {
  /** The argument is a dict whose keys count. */
  readonly isDict?: true
  /** Of the key; none where `MlflowClient` has no such method, -1 where the key has no position. */
  readonly ofClient?: number
  /** Of the argument `experiment_id`. */
  readonly experimentId?: Parameter
  /** Other arguments that matter, by what they are. */
  readonly others?: Readonly<Partial<Record<Role, Parameter>>>
  /** Only of a flavour, as `mlflow.sklearn.log_model`; autolog is of both kinds. */
  readonly flavor?: 'only' | 'too'
}

const filter = (at: number, ofClient: number): Parameter => ({ at, keywords: ['filter_string'], ofClient })
const order = (at: number): Parameter => ({ at, keywords: ['order_by'], ofClient: at })

/** What of MLflow's API the editor knows, by name. */
export const mlflowFunctions: Readonly<Record<string, Function | undefined>> = {
  log_metric: { at: 0, keywords: ['key'], ofClient: 1 },
  log_metrics: { at: 0, keywords: ['metrics'], isDict: true },
  log_param: { at: 0, keywords: ['key'], ofClient: 1, others: { value: { at: 1, keywords: ['value'], ofClient: 2 } } },
  log_params: { at: 0, keywords: ['params'], isDict: true, others: { run: { keywords: ['run_id'] } } },
  set_tag: { at: 0, keywords: ['key'], ofClient: 1 },
  set_tags: { at: 0, keywords: ['tags'], isDict: true },
  log_artifact: { at: 0, keywords: ['local_path'], ofClient: 1 },
  log_artifacts: { at: 0, keywords: ['local_dir'], ofClient: 1 },
  log_dict: { at: 1, keywords: ['artifact_file'], ofClient: 2 },
  log_text: { at: 1, keywords: ['artifact_file'], ofClient: 2 },
  log_figure: { at: 1, keywords: ['artifact_file'], ofClient: 2 },
  log_table: { at: 1, keywords: ['artifact_file'], ofClient: 2 },
  log_image: { at: 1, keywords: ['artifact_file', 'key'], ofClient: 2 },
  log_batch: { ofClient: -1 },
  log_input: {},
  start_run: { at: 2, keywords: ['run_name'], experimentId: { at: 1 } },
  end_run: {},
  create_run: { at: -1, keywords: ['run_name'], ofClient: 4, experimentId: { ofClient: 0 } },
  set_terminated: { ofClient: -1 },
  set_experiment: { at: 0, keywords: ['experiment_name'], experimentId: { at: 1 } },
  create_experiment: { at: 0, keywords: ['name'], ofClient: 0 },
  get_experiment_by_name: { at: 0, keywords: ['name'], ofClient: 0 },
  set_tracking_uri: { at: 0, keywords: ['uri'] },
  set_registry_uri: { at: 0, keywords: ['uri'] },
  search_runs: {
    ...{ at: 1, keywords: ['filter_string'], ofClient: 1 },
    others: { filter: filter(1, 1), order: order(4), experiments: { at: 7, keywords: ['experiment_names'] } },
  },
  search_experiments: { ofClient: -1, others: { filter: filter(2, 2), order: order(3) } },
  search_registered_models: { ofClient: -1, others: { filter: filter(1, 0), order: order(2) } },
  search_model_versions: { ofClient: -1, others: { filter: filter(1, 0), order: order(2) } },
  search_logged_models: { ofClient: -1, others: { filter: filter(1, 1), order: order(4) } },
  autolog: { flavor: 'too' },
  log_model: { at: 1, keywords: ['name', 'artifact_path'], flavor: 'only' },
  save_model: { at: 1, keywords: ['path'], flavor: 'only' },
  load_model: { at: 0, keywords: ['model_uri'], flavor: 'only' },
  register_model: { at: 1, keywords: ['name'] },
  create_registered_model: { at: 0, keywords: ['name'], ofClient: 0 },
  create_model_version: { at: 0, keywords: ['name'], ofClient: 0 },
  get_latest_versions: {
    ...{ at: 0, keywords: ['name'], ofClient: 0 },
    others: { stages: { at: 1, keywords: ['stages'], ofClient: 1 } },
  },
  get_model_version: { at: 0, keywords: ['name'], ofClient: 0 },
  get_model_version_by_alias: { at: 0, keywords: ['name'], ofClient: 0 },
  set_registered_model_alias: { at: 0, keywords: ['name'], ofClient: 0 },
  transition_model_version_stage: {
    ...{ at: 0, keywords: ['name'], ofClient: 0 },
    others: { stage: { at: 2, keywords: ['stage'], ofClient: 2 } },
  },
  evaluate: {},
  trace: { at: -1, keywords: ['name'] },
}

/** `MlflowClient`, wherever it is imported from. */
export const isClientClass = (name: string): boolean => /^mlflow(?:\.tracking)?(?:\.client)?\.MlflowClient$/.test(name)
