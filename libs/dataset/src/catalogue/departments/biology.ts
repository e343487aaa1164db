// The Biology department, which also teaches the chemistry its majors need.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING, SUMMER } from '../builders.js';

export const biology: CatalogueDepartment = {
  name: 'Biology',
  courses: [
    course('BIO100', 'Biology and Society', 3, EVERY_TERM, {
      about:
        'Genes, disease, food, conservation and evolution as they enter public debate. For students who do not intend to major in a science.',
    }),
    course('BIO101', 'General Biology I', 4, EVERY_TERM, {
      about:
        'Molecules, cells, energy, inheritance and gene expression, with a laboratory in microscopy and basic molecular techniques.',
    }),
    course('BIO102', 'General Biology II', 4, EVERY_TERM, {
      requires: ['BIO101'],
      about:
        'Evolution, diversity, plant and animal form and function, and ecology, with laboratory and a local field trip.',
    }),
    course('BIO115', 'Chemical Foundations of Life I', 4, FALL_AND_SPRING, {
      about:
        'Atoms, bonding, stoichiometry, gases, solutions and thermochemistry with laboratory, illustrated by biological examples.',
    }),
    course('BIO116', 'Chemical Foundations of Life II', 4, FALL_AND_SPRING, {
      requires: ['BIO115'],
      about:
        'Equilibrium, acids and bases, kinetics, electrochemistry and an introduction to organic structure, with laboratory.',
    }),
    course('BIO120', 'Environmental Science', 3, FALL_AND_SPRING, {
      about:
        'Energy, water, soils, climate, pollution and population, and the science behind the choices that communities face.',
    }),
    course('BIO201', 'Genetics', 4, FALL_AND_SPRING, {
      requires: ['BIO101', 'BIO115'],
      about:
        'Mendelian, molecular and quantitative genetics: linkage, mutation, gene regulation and mapping, with fly and yeast laboratories.',
    }),
    course('BIO202', 'Cell Biology', 4, FALL_AND_SPRING, {
      requires: ['BIO101', 'BIO115'],
      about:
        'Membranes, organelles, cytoskeleton, signaling, the cell cycle and cell death, with laboratory work in culture and imaging.',
    }),
    course('BIO210', 'Ecology', 4, FALL_AND_SPRING, {
      requires: ['BIO102'],
      about:
        'Populations, communities, ecosystems and landscapes, with weekly field studies and analysis of the data they yield.',
    }),
    course('BIO215', 'Organic and Biological Chemistry', 4, FALL_AND_SPRING, {
      requires: ['BIO116'],
      about:
        'Structure, stereochemistry and reactions of organic compounds, leading to carbohydrates, lipids, proteins and nucleic acids.',
    }),
    course('BIO220', 'Human Anatomy and Physiology I', 4, FALL, {
      requires: ['BIO101'],
      about:
        'Tissues and the skeletal, muscular and nervous systems, studied in lecture, dissection and physiological recording.',
    }),
    course('BIO221', 'Human Anatomy and Physiology II', 4, SPRING, {
      requires: ['BIO220'],
      about:
        'Endocrine, cardiovascular, respiratory, digestive, urinary and reproductive systems, with laboratory.',
    }),
    course('BIO230', 'Plant Biology', 3, SPRING, {
      requires: ['BIO102'],
      about:
        'Structure, growth, reproduction and diversity of plants, their evolution on land and their uses by people.',
    }),
    course('BIO240', 'Microbiology', 4, FALL_AND_SPRING, {
      requires: ['BIO101', 'BIO115'],
      about:
        'Bacteria, archaea, viruses and fungi: structure, metabolism, growth, control and disease, with aseptic laboratory technique.',
    }),
    course('BIO250', 'Research Methods in Biology', 2, FALL_AND_SPRING, {
      requires: ['BIO102', 'ENGL101'],
      about:
        'Finding and reading primary literature, designing studies, keeping records and writing in the style of the discipline.',
    }),
    course('BIO301', 'Molecular Biology', 4, FALL_AND_SPRING, {
      requires: ['BIO201', 'BIO202'],
      about:
        'Replication, transcription, translation, repair and genetic engineering, with cloning and sequencing in the laboratory.',
    }),
    course('BIO305', 'Biochemistry', 4, FALL_AND_SPRING, {
      requires: ['BIO202', 'BIO215'],
      about:
        'Protein structure, enzymes, bioenergetics and the regulation of metabolism, with laboratory in purification and kinetics.',
    }),
    course('BIO310', 'Evolution', 3, FALL_AND_SPRING, {
      requires: ['BIO102', 'BIO201'],
      about:
        'Natural selection, drift, speciation, phylogeny and the fossil record, with the evidence for each and its history.',
    }),
    course('BIO320', 'Animal Physiology', 4, SPRING, {
      requires: ['BIO102', 'BIO202'],
      about:
        'How animals move, breathe, excrete, sense and regulate temperature, compared across environments, with laboratory.',
    }),
    course('BIO325', 'Neurobiology', 3, FALL, {
      requires: ['BIO202'],
      about:
        'Excitable membranes, synapses, sensory and motor systems, plasticity and the neural basis of simple behaviors.',
    }),
    course('BIO340', 'Immunology', 3, SPRING, {
      requires: ['BIO202', 'BIO240'],
      about:
        'Innate and adaptive immunity, antibodies, T cells, tolerance, vaccination and disorders of the immune system.',
    }),
    course('BIO350', 'Conservation Biology', 3, SPRING, {
      requires: ['BIO210'],
      about:
        'Threats to biodiversity, small-population problems, reserve design, restoration and policy, with regional case studies.',
    }),
    course('BIO355', 'Marine Biology', 4, SUMMER, {
      requires: ['BIO102'],
      about:
        'Life of the sea from plankton to whales, taught for four weeks at the coastal field station with daily collecting trips.',
    }),
    course('BIO360', 'Animal Behavior', 3, FALL, {
      requires: ['BIO102'],
      about:
        'Mechanism, development, function and evolution of behavior: foraging, mating, signaling and social life.',
    }),
    course('BIO370', 'Developmental Biology', 4, SPRING, {
      requires: ['BIO201', 'BIO202'],
      about:
        'Fertilization, patterning, organ formation and stem cells in model organisms, with live-embryo laboratory.',
    }),
    course('BIO401', 'Genomics', 3, SPRING, {
      requires: ['BIO301'],
      about:
        'Sequencing technologies, assembly, annotation, transcriptomes and comparative genomics, with analysis of public data.',
    }),
    course('BIO410', 'Population Genetics', 3, FALL, {
      requires: ['BIO310', 'STAT220'],
      about:
        'Hardy-Weinberg equilibrium, selection, migration, drift, coalescence and the interpretation of molecular variation.',
    }),
    course('BIO420', 'Cancer Biology', 3, FALL, {
      requires: ['BIO301'],
      about:
        'Oncogenes, tumor suppressors, genome instability, metastasis and targeted therapy, discussed from primary papers.',
    }),
    course('BIO430', 'Field Ecology', 3, SUMMER, {
      requires: ['BIO210', 'STAT220'],
      about:
        'An intensive summer course of group and individual field projects, from sampling design to oral presentation.',
    }),
    course('BIO450', 'Computational Biology', 3, SPRING, {
      requires: ['BIO201', 'CS101', 'STAT101'],
      about:
        'Programming for biological questions: sequence search, alignment, gene-expression analysis and simple dynamic models.',
    }),
    course('BIO490', 'Senior Seminar in Biology', 3, FALL_AND_SPRING, {
      requires: ['BIO250', 'BIO310'],
      about:
        'Critical discussion of current research across the discipline, with student presentations and a review paper.',
    }),
    course('BIO495', 'Undergraduate Research in Biology', 3, EVERY_TERM, {
      requires: ['BIO201', 'BIO250'],
      about:
        'Laboratory or field research in a faculty group, with a notebook, a progress talk and a final scientific report.',
    }),
    course('BIO501', 'Advanced Cell and Molecular Biology', 3, FALL, {
      requires: ['BIO301', 'BIO305'],
      about:
        'Gene regulation, trafficking, signaling networks and experimental strategy, taught from the primary literature.',
    }),
    course('BIO510', 'Advanced Ecology', 3, SPRING, {
      requires: ['BIO210', 'STAT220'],
      about:
        'Theory and data in population, community and ecosystem ecology, with model fitting and a grant-style proposal.',
    }),
    course('BIO520', 'Bioinformatics', 3, FALL, {
      requires: ['BIO450'],
      about:
        'Databases, alignment, variant calling, single-cell expression and reproducible pipelines for genomic data.',
    }),
    course('BIO530', 'Evolutionary Genomics', 3, SPRING, {
      requires: ['BIO401', 'BIO410'],
      about:
        'Genome evolution, adaptation, speciation and phylogenomics, with hands-on analysis of population sequence data.',
    }),
    course('BIO610', 'Gene Regulation and Epigenetics', 3, SPRING, {
      requires: ['BIO501'],
      about:
        'Chromatin, noncoding RNA, imprinting and regulatory networks in development and disease; seminar format.',
    }),
  ],
};
