import { expect } from 'chai';
import type { Model, ModelStatic } from 'sequelize';
import { connect, type Database } from '@studyin/domain/database';
import { defineModels, type Models } from '@studyin/domain/models';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { listIndexes, listTables, type TableShape } from './schema-catalogue.ts';

// The names that the mission's page fixes, with their columns.
const FIXED_INDEXES: Readonly<Record<string, readonly string[]>> = {
  ix_daily_user_stats_user_date: ['user_id', 'stat_date'],
  ix_user_learning_metrics: ['user_id'],
  ix_topic_mastery_user_topic: ['user_id', 'topic_id'],
  ix_topic_mastery_user_mastery: ['user_id', 'mastery_score'],
  ix_study_events_user_created: ['user_id', 'created_at'],
  ix_question_attempts_user_created: ['user_id', 'attempted_at'],
  ix_study_sessions_user_started: ['user_id', 'started_at'],
  ix_knowledge_gaps_user_priority: ['user_id', 'priority_score'],
  ix_question_attempts_topic_user: ['topic_id', 'user_id'],
  ix_material_interactions_material_user: ['material_id', 'user_id'],
};

function shapeOfModels(models: Models): ReadonlyMap<string, TableShape> {
  const shapes = new Map<string, TableShape>();
  for (const model of Object.values<ModelStatic<Model>>(models)) {
    const columns = Object.values(model.getAttributes()).map((attribute) => {
      const { field, allowNull, type, primaryKey = false, defaultValue } = attribute;
      if (field === undefined || typeof type === 'string') {
        throw new Error(`${model.name}: a column has no name or type`);
      }
      const isFilled = defaultValue !== undefined;
      return {
        name: field,
        type: type.toString({}).toLowerCase(),
        isNullable: allowNull !== false,
        isKey: primaryKey,
        isFilled,
      };
    });
    shapes.set(model.tableName, Object.fromEntries(columns.map(({ name, ...column }) => [name, column])));
  }
  return shapes;
}

describe('models and the migrated schema', () => {
  let database: Database;
  let models: Models;

  after(() => database.close()); // before the drop below: hooks run in the order they are defined
  const testDatabase = useTestDatabase();

  before(() => {
    database = connect({ url: testDatabase().url, applicationName: 'models-test', poolSize: 2 });
    models = defineModels(database.sequelize);
  });

  it('has one model for each table and view, and no other', async () => {
    const tables = await listTables(database);
    expect([...shapeOfModels(models).keys()].sort()).to.deep.equal([...tables.keys()].sort());
  });

  it('gives each model exactly the columns of its table: name, type, nullability, key and default', async () => {
    const tables = await listTables(database);
    for (const [table, shape] of shapeOfModels(models)) {
      expect(shape, table).to.deep.equal(tables.get(table));
    }
  });

  it('gives each model exactly the indexes of its table', async () => {
    const indexes = await listIndexes(database);
    const declared = Object.values<ModelStatic<Model>>(models).flatMap((model) =>
      (model.options.indexes ?? []).map(({ name, unique = false, fields = [] }) => ({
        table: model.getTableName(),
        name,
        unique,
        fields,
      })),
    );
    const secondary = indexes
      .filter(({ isKey }) => !isKey)
      .map(({ table, name, unique, fields }) => ({ table, name, unique, fields }));
    expect(declared).to.have.deep.members(secondary);
  });

  it('has every index that the mission names, on its columns', async () => {
    const indexes = new Map((await listIndexes(database)).map((index) => [index.name, index.fields]));
    for (const [name, fields] of Object.entries(FIXED_INDEXES)) {
      expect(indexes.get(name)?.slice(0, fields.length), name).to.deep.equal(fields);
    }
  });

  it('begins the primary key of every table of a learner with user_id', async () => {
    const keys = (await listIndexes(database)).filter(({ isKey, table }) => isKey && table !== 'cohort_members');
    const owned = new Set(
      [...(await listTables(database))].filter(([, shape]) => 'user_id' in shape).map(([table]) => table),
    );
    const learnerKeys = keys.filter(({ table }) => owned.has(table) && table !== 'rejected_events');
    expect(learnerKeys.length).to.be.greaterThan(10);
    for (const { table, fields } of learnerKeys) expect(fields[0], table).to.equal('user_id');
  });
});
