// USMLE Step 1: the systems and their shares of items are those of the public content outline; the subjects below them are ours.

export type SubjectSource = {
  readonly slug: string;
  readonly name: string;
  /** 1 easy to 5 hard. */
  readonly difficulty: number;
  readonly studyHours: number;
};

export type SystemSource = {
  readonly slug: string;
  readonly name: string;
  /** Published range of the share of items, in percent. */
  readonly rangePercent: readonly [number, number];
  readonly subjects: readonly SubjectSource[];
};

export type RelationSource = {
  readonly source: string;
  readonly target: string;
  readonly type: 'related' | 'complication' | 'treatment';
  readonly strength: number;
};

export const exam = { slug: 'usmle-step-1', name: 'USMLE Step 1' } as const;

export const systems: readonly SystemSource[] = [
  {
    slug: 'human-development',
    name: 'Human Development',
    rangePercent: [1, 3],
    subjects: [
      { slug: 'embryology', name: 'Embryology and Fetal Development', difficulty: 4, studyHours: 10 },
      { slug: 'childhood-growth', name: 'Infancy and Childhood Growth', difficulty: 2, studyHours: 6 },
      { slug: 'adolescence-and-puberty', name: 'Adolescence and Puberty', difficulty: 2, studyHours: 4 },
      { slug: 'aging-and-end-of-life', name: 'Aging and End of Life', difficulty: 2, studyHours: 4 },
    ],
  },
  {
    slug: 'blood-lymphoreticular-immune',
    name: 'Blood & Lymphoreticular/Immune Systems',
    rangePercent: [9, 13],
    subjects: [
      { slug: 'immunity', name: 'Innate and Adaptive Immunity', difficulty: 4, studyHours: 12 },
      { slug: 'anemias', name: 'Anemias', difficulty: 3, studyHours: 10 },
      { slug: 'hemostasis', name: 'Hemostasis and Coagulation', difficulty: 4, studyHours: 10 },
      { slug: 'leukemias-and-lymphomas', name: 'Leukemias and Lymphomas', difficulty: 4, studyHours: 12 },
      {
        slug: 'hypersensitivity-and-autoimmunity',
        name: 'Hypersensitivity and Autoimmunity',
        difficulty: 3,
        studyHours: 8,
      },
      { slug: 'immunodeficiency', name: 'Immunodeficiency', difficulty: 4, studyHours: 6 },
      {
        slug: 'transfusion-and-transplantation',
        name: 'Transfusion and Transplantation',
        difficulty: 3,
        studyHours: 5,
      },
    ],
  },
  {
    slug: 'behavioral-nervous-special-senses',
    name: 'Behavioral Health & Nervous Systems/Special Senses',
    rangePercent: [10, 14],
    subjects: [
      { slug: 'neuroanatomy', name: 'Neuroanatomy', difficulty: 5, studyHours: 16 },
      { slug: 'stroke', name: 'Stroke and Cerebrovascular Disease', difficulty: 4, studyHours: 8 },
      { slug: 'seizures-and-headache', name: 'Seizures and Headache', difficulty: 3, studyHours: 6 },
      { slug: 'neurodegenerative-disease', name: 'Neurodegenerative Disease', difficulty: 3, studyHours: 7 },
      { slug: 'mood-and-anxiety-disorders', name: 'Mood and Anxiety Disorders', difficulty: 2, studyHours: 8 },
      { slug: 'psychotic-disorders', name: 'Psychotic Disorders', difficulty: 2, studyHours: 5 },
      { slug: 'substance-use-disorders', name: 'Substance Use Disorders', difficulty: 2, studyHours: 5 },
      { slug: 'eye-and-ear', name: 'Disorders of the Eye and Ear', difficulty: 3, studyHours: 7 },
    ],
  },
  {
    slug: 'musculoskeletal-skin-subcutaneous',
    name: 'Musculoskeletal, Skin & Subcutaneous Tissue',
    rangePercent: [8, 12],
    subjects: [
      { slug: 'musculoskeletal-anatomy', name: 'Musculoskeletal Anatomy', difficulty: 4, studyHours: 12 },
      { slug: 'metabolic-bone-disease', name: 'Metabolic Bone Disease', difficulty: 3, studyHours: 6 },
      { slug: 'fractures-and-injuries', name: 'Fractures and Soft-Tissue Injuries', difficulty: 2, studyHours: 6 },
      { slug: 'arthritis', name: 'Arthritis and Crystal Disease', difficulty: 3, studyHours: 7 },
      { slug: 'connective-tissue-disease', name: 'Systemic Connective Tissue Disease', difficulty: 4, studyHours: 8 },
      {
        slug: 'neuromuscular-disorders',
        name: 'Myopathies and Neuromuscular Junction Disorders',
        difficulty: 4,
        studyHours: 6,
      },
      { slug: 'inflammatory-skin-disease', name: 'Inflammatory Skin Disease', difficulty: 3, studyHours: 6 },
      { slug: 'skin-cancers', name: 'Skin Cancers', difficulty: 3, studyHours: 4 },
    ],
  },
  {
    slug: 'cardiovascular',
    name: 'Cardiovascular System',
    rangePercent: [7, 11],
    subjects: [
      { slug: 'cardiac-physiology', name: 'Cardiac Physiology', difficulty: 4, studyHours: 12 },
      { slug: 'hypertension', name: 'Hypertension', difficulty: 2, studyHours: 6 },
      { slug: 'ischemic-heart-disease', name: 'Ischemic Heart Disease', difficulty: 3, studyHours: 10 },
      { slug: 'heart-failure', name: 'Heart Failure', difficulty: 4, studyHours: 9 },
      { slug: 'arrhythmias', name: 'Arrhythmias', difficulty: 4, studyHours: 9 },
      { slug: 'valvular-heart-disease', name: 'Valvular Heart Disease', difficulty: 3, studyHours: 7 },
      { slug: 'congenital-heart-disease', name: 'Congenital Heart Disease', difficulty: 4, studyHours: 7 },
      { slug: 'cardiomyopathies', name: 'Cardiomyopathies', difficulty: 3, studyHours: 5 },
    ],
  },
  {
    slug: 'respiratory-renal-urinary',
    name: 'Respiratory & Renal/Urinary Systems',
    rangePercent: [11, 15],
    subjects: [
      { slug: 'pulmonary-physiology', name: 'Pulmonary Physiology', difficulty: 4, studyHours: 10 },
      { slug: 'obstructive-lung-disease', name: 'Obstructive Lung Disease', difficulty: 3, studyHours: 7 },
      { slug: 'restrictive-lung-disease', name: 'Restrictive Lung Disease', difficulty: 3, studyHours: 6 },
      { slug: 'pneumonia-and-tuberculosis', name: 'Pneumonia and Tuberculosis', difficulty: 3, studyHours: 8 },
      { slug: 'renal-physiology', name: 'Renal Physiology', difficulty: 5, studyHours: 12 },
      { slug: 'acid-base-and-electrolytes', name: 'Acid–Base and Electrolyte Disorders', difficulty: 4, studyHours: 9 },
      { slug: 'glomerular-disease', name: 'Glomerular Disease', difficulty: 4, studyHours: 8 },
      { slug: 'kidney-disease', name: 'Acute and Chronic Kidney Disease', difficulty: 3, studyHours: 8 },
    ],
  },
  {
    slug: 'gastrointestinal',
    name: 'Gastrointestinal System',
    rangePercent: [6, 10],
    subjects: [
      { slug: 'gastrointestinal-physiology', name: 'Gastrointestinal Physiology', difficulty: 3, studyHours: 8 },
      { slug: 'esophageal-and-gastric-disease', name: 'Esophageal and Gastric Disease', difficulty: 3, studyHours: 7 },
      { slug: 'inflammatory-bowel-disease', name: 'Inflammatory Bowel Disease', difficulty: 3, studyHours: 5 },
      { slug: 'malabsorption-and-diarrhea', name: 'Malabsorption and Diarrhea', difficulty: 3, studyHours: 6 },
      { slug: 'hepatitis-and-cirrhosis', name: 'Hepatitis and Cirrhosis', difficulty: 4, studyHours: 9 },
      { slug: 'biliary-and-pancreatic-disease', name: 'Biliary and Pancreatic Disease', difficulty: 3, studyHours: 6 },
      { slug: 'gastrointestinal-cancers', name: 'Gastrointestinal Cancers', difficulty: 3, studyHours: 6 },
    ],
  },
  {
    slug: 'reproductive-endocrine',
    name: 'Reproductive & Endocrine Systems',
    rangePercent: [12, 16],
    subjects: [
      { slug: 'endocrine-physiology', name: 'Endocrine Physiology', difficulty: 4, studyHours: 10 },
      { slug: 'diabetes-mellitus', name: 'Diabetes Mellitus', difficulty: 3, studyHours: 9 },
      { slug: 'thyroid-disorders', name: 'Thyroid Disorders', difficulty: 3, studyHours: 7 },
      {
        slug: 'adrenal-and-pituitary-disorders',
        name: 'Adrenal and Pituitary Disorders',
        difficulty: 4,
        studyHours: 8,
      },
      { slug: 'pregnancy', name: 'Pregnancy and Its Complications', difficulty: 4, studyHours: 10 },
      { slug: 'gynecologic-disorders', name: 'Gynecologic Disorders', difficulty: 3, studyHours: 8 },
      { slug: 'male-reproductive-disorders', name: 'Male Reproductive Disorders', difficulty: 3, studyHours: 5 },
      { slug: 'breast-disease', name: 'Breast Disease', difficulty: 3, studyHours: 5 },
    ],
  },
  {
    slug: 'multisystem',
    name: 'Multisystem Processes & Disorders',
    rangePercent: [8, 12],
    subjects: [
      { slug: 'neoplasia', name: 'Principles of Neoplasia', difficulty: 3, studyHours: 8 },
      { slug: 'genetic-disorders', name: 'Chromosomal and Single-Gene Disorders', difficulty: 4, studyHours: 9 },
      { slug: 'inborn-errors-of-metabolism', name: 'Inborn Errors of Metabolism', difficulty: 5, studyHours: 9 },
      { slug: 'nutritional-disorders', name: 'Nutritional Disorders', difficulty: 2, studyHours: 5 },
      { slug: 'sepsis-and-shock', name: 'Sepsis and Shock', difficulty: 3, studyHours: 6 },
      {
        slug: 'hiv-and-opportunistic-infections',
        name: 'HIV and Opportunistic Infections',
        difficulty: 4,
        studyHours: 8,
      },
      { slug: 'poisoning', name: 'Poisoning and Environmental Exposure', difficulty: 3, studyHours: 6 },
    ],
  },
  {
    slug: 'biostatistics-epidemiology',
    name: 'Biostatistics & Epidemiology/Population Health',
    rangePercent: [4, 6],
    subjects: [
      { slug: 'study-design', name: 'Study Design', difficulty: 2, studyHours: 4 },
      { slug: 'measures-of-risk', name: 'Measures of Risk and Association', difficulty: 3, studyHours: 4 },
      { slug: 'diagnostic-tests', name: 'Diagnostic Tests', difficulty: 3, studyHours: 4 },
      { slug: 'hypothesis-testing', name: 'Hypothesis Testing', difficulty: 3, studyHours: 5 },
      { slug: 'screening-and-prevention', name: 'Screening and Prevention', difficulty: 2, studyHours: 4 },
    ],
  },
  {
    slug: 'social-sciences',
    name: 'Social Sciences: Communication and Interpersonal Skills',
    rangePercent: [6, 9],
    subjects: [
      { slug: 'patient-communication', name: 'Patient Communication', difficulty: 2, studyHours: 4 },
      { slug: 'consent-and-confidentiality', name: 'Consent and Confidentiality', difficulty: 2, studyHours: 4 },
      { slug: 'ethics-at-the-end-of-life', name: 'Ethics at the End of Life', difficulty: 2, studyHours: 3 },
      { slug: 'patient-safety', name: 'Patient Safety and Quality', difficulty: 2, studyHours: 4 },
      { slug: 'health-systems', name: 'Health Systems and Equity', difficulty: 2, studyHours: 3 },
    ],
  },
];

/** Slugs: the first is to be learned before the second. */
export const prerequisites: readonly (readonly [string, string])[] = [
  ['acid-base-and-electrolytes', 'kidney-disease'],
  ['cardiac-physiology', 'hypertension'],
  ['cardiac-physiology', 'ischemic-heart-disease'],
  ['cardiac-physiology', 'heart-failure'],
  ['cardiac-physiology', 'arrhythmias'],
  ['cardiac-physiology', 'valvular-heart-disease'],
  ['cardiac-physiology', 'congenital-heart-disease'],
  ['cardiac-physiology', 'sepsis-and-shock'],
  ['childhood-growth', 'adolescence-and-puberty'],
  ['consent-and-confidentiality', 'ethics-at-the-end-of-life'],
  ['diagnostic-tests', 'screening-and-prevention'],
  ['embryology', 'childhood-growth'],
  ['embryology', 'congenital-heart-disease'],
  ['endocrine-physiology', 'adolescence-and-puberty'],
  ['endocrine-physiology', 'metabolic-bone-disease'],
  ['endocrine-physiology', 'diabetes-mellitus'],
  ['endocrine-physiology', 'thyroid-disorders'],
  ['endocrine-physiology', 'adrenal-and-pituitary-disorders'],
  ['endocrine-physiology', 'pregnancy'],
  ['endocrine-physiology', 'gynecologic-disorders'],
  ['endocrine-physiology', 'male-reproductive-disorders'],
  ['gastrointestinal-physiology', 'esophageal-and-gastric-disease'],
  ['gastrointestinal-physiology', 'inflammatory-bowel-disease'],
  ['gastrointestinal-physiology', 'malabsorption-and-diarrhea'],
  ['gastrointestinal-physiology', 'hepatitis-and-cirrhosis'],
  ['gastrointestinal-physiology', 'biliary-and-pancreatic-disease'],
  ['genetic-disorders', 'inborn-errors-of-metabolism'],
  ['heart-failure', 'cardiomyopathies'],
  ['hypersensitivity-and-autoimmunity', 'transfusion-and-transplantation'],
  ['hypersensitivity-and-autoimmunity', 'connective-tissue-disease'],
  ['immunity', 'leukemias-and-lymphomas'],
  ['immunity', 'hypersensitivity-and-autoimmunity'],
  ['immunity', 'immunodeficiency'],
  ['immunity', 'inflammatory-skin-disease'],
  ['immunity', 'sepsis-and-shock'],
  ['immunity', 'hiv-and-opportunistic-infections'],
  ['ischemic-heart-disease', 'heart-failure'],
  ['measures-of-risk', 'screening-and-prevention'],
  ['musculoskeletal-anatomy', 'fractures-and-injuries'],
  ['musculoskeletal-anatomy', 'arthritis'],
  ['musculoskeletal-anatomy', 'neuromuscular-disorders'],
  ['neoplasia', 'leukemias-and-lymphomas'],
  ['neoplasia', 'skin-cancers'],
  ['neoplasia', 'gastrointestinal-cancers'],
  ['neoplasia', 'breast-disease'],
  ['neuroanatomy', 'stroke'],
  ['neuroanatomy', 'seizures-and-headache'],
  ['neuroanatomy', 'neurodegenerative-disease'],
  ['neuroanatomy', 'eye-and-ear'],
  ['patient-communication', 'consent-and-confidentiality'],
  ['pulmonary-physiology', 'obstructive-lung-disease'],
  ['pulmonary-physiology', 'restrictive-lung-disease'],
  ['pulmonary-physiology', 'pneumonia-and-tuberculosis'],
  ['pulmonary-physiology', 'acid-base-and-electrolytes'],
  ['renal-physiology', 'acid-base-and-electrolytes'],
  ['renal-physiology', 'glomerular-disease'],
  ['renal-physiology', 'kidney-disease'],
  ['study-design', 'measures-of-risk'],
  ['study-design', 'hypothesis-testing'],
];

/** Of a complication the target is what may follow the source; of a treatment the source is what helps against the target. */
export const relations: readonly RelationSource[] = [
  { source: 'hypertension', target: 'stroke', type: 'complication', strength: 0.9 },
  { source: 'diabetes-mellitus', target: 'kidney-disease', type: 'complication', strength: 0.9 },
  { source: 'hypertension', target: 'heart-failure', type: 'complication', strength: 0.8 },
  { source: 'hepatitis-and-cirrhosis', target: 'gastrointestinal-cancers', type: 'complication', strength: 0.6 },
  { source: 'transfusion-and-transplantation', target: 'leukemias-and-lymphomas', type: 'treatment', strength: 0.7 },
  { source: 'transfusion-and-transplantation', target: 'anemias', type: 'treatment', strength: 0.6 },
  { source: 'arthritis', target: 'connective-tissue-disease', type: 'related', strength: 0.7 },
  { source: 'diagnostic-tests', target: 'hypothesis-testing', type: 'related', strength: 0.5 },
];
