// The English department, whose composition courses every bachelor's degree requires.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING } from '../builders.js';

export const english: CatalogueDepartment = {
  name: 'English',
  courses: [
    course('ENGL101', 'Composition I', 3, EVERY_TERM, {
      about:
        'The writing process from invention to revision: summary, analysis and argument in short essays, with weekly conferences.',
    }),
    course('ENGL102', 'Composition II', 3, EVERY_TERM, {
      requires: ['ENGL101'],
      about:
        'Researched argument: evaluating sources, synthesis, documentation and style, ending in a sustained paper on a chosen question.',
    }),
    course('ENGL110', 'Introduction to Literature', 3, EVERY_TERM, {
      about:
        'Reading fiction, poetry and drama closely, and writing about them with attention to form, voice and historical setting.',
    }),
    course('ENGL120', 'Introduction to Creative Writing', 3, FALL_AND_SPRING, {
      about:
        'Exercises in poetry, fiction and the personal essay, with reading as a writer and a first experience of the workshop.',
    }),
    course('ENGL130', 'Introduction to Film', 3, FALL_AND_SPRING, {
      about:
        'Shot, editing, sound, narrative and genre in film from the silent period to the present, with weekly screenings.',
    }),
    course('ENGL201', 'British Literature to 1785', 3, FALL_AND_SPRING, {
      requires: ['ENGL102'],
      about:
        'From Beowulf and Chaucer through Spenser, Milton and Swift, with attention to manuscript, print and the changing language.',
    }),
    course('ENGL202', 'British Literature since 1785', 3, FALL_AND_SPRING, {
      requires: ['ENGL102'],
      about:
        'Romantic, Victorian, modern and contemporary writing from Blake to Zadie Smith, read against industry, empire and war.',
    }),
    course('ENGL210', 'American Literature to 1865', 3, FALL, {
      requires: ['ENGL102'],
      about:
        'Native, colonial, revolutionary and antebellum writing, including Bradstreet, Douglass, Melville, Whitman and Dickinson.',
    }),
    course('ENGL211', 'American Literature since 1865', 3, SPRING, {
      requires: ['ENGL102'],
      about:
        'Realism, modernism and contemporary voices from Twain and Chopin through Hughes and Faulkner to the present day.',
    }),
    course('ENGL220', 'Introduction to Literary Study', 4, FALL_AND_SPRING, {
      requires: ['ENGL102'],
      about:
        "The major's gateway: methods of close reading, genres, versification, critical vocabulary and the literary research paper.",
    }),
    course('ENGL230', 'World Literature', 3, FALL_AND_SPRING, {
      requires: ['ENGL101'],
      about:
        'Epics, tales, lyrics and novels from Asia, Africa, Europe and Latin America in English translation, ancient to modern.',
    }),
    course('ENGL240', 'Technical Writing', 3, EVERY_TERM, {
      requires: ['ENGL101'],
      about:
        'Instructions, specifications, proposals and reports for scientific and engineering readers, with document design and editing.',
    }),
    course('ENGL250', 'Fiction Workshop', 3, FALL, {
      requires: ['ENGL120'],
      about:
        'Short stories written and revised for discussion, with exercises in scene, point of view, dialogue and structure.',
    }),
    course('ENGL251', 'Poetry Workshop', 3, SPRING, {
      requires: ['ENGL120'],
      about:
        'Writing in free and received forms, close reading of contemporary collections and a portfolio of finished poems.',
    }),
    course('ENGL260', 'Introduction to Linguistics', 3, FALL, {
      requires: ['ENGL101'],
      about:
        'Sounds, words, sentences, meaning, variation and change in human language, with problem sets from many languages.',
    }),
    course('ENGL301', 'Literary Theory', 3, FALL_AND_SPRING, {
      requires: ['ENGL220'],
      about:
        'Formalism, structuralism, Marxism, psychoanalysis, feminism and postcolonial thought, tested on a few shared texts.',
    }),
    course('ENGL310', 'Shakespeare', 3, FALL_AND_SPRING, {
      requires: ['ENGL220'],
      about:
        'Representative comedies, histories, tragedies and romances considered as poetry, as theater and as documents of their age.',
    }),
    course('ENGL315', 'Medieval Literature', 3, FALL, {
      requires: ['ENGL201'],
      about:
        'Romance, dream vision, lyric and drama from 1100 to 1500, partly in Middle English, with a visit to rare books.',
    }),
    course('ENGL320', 'Romantic Poetry', 3, SPRING, {
      requires: ['ENGL202'],
      about:
        'Blake, Wordsworth, Coleridge, Byron, Shelley and Keats, with the revolutions, landscapes and sciences that moved them.',
    }),
    course('ENGL325', 'The Victorian Novel', 3, FALL, {
      requires: ['ENGL202'],
      about:
        'Dickens, the Brontes, Gaskell, Eliot and Hardy: serial publication, realism, class, gender and the shape of long fiction.',
    }),
    course('ENGL330', 'African American Literature', 3, SPRING, {
      requires: ['ENGL220'],
      about:
        'From slave narratives through the Harlem Renaissance to Morrison and after, with music and visual art as companions.',
    }),
    course('ENGL335', 'Modernism', 3, FALL, {
      requires: ['ENGL220'],
      about:
        'Woolf, Joyce, Eliot, Stein and their contemporaries, and the experiments in form that followed the First World War.',
    }),
    course('ENGL340', 'Postcolonial Literatures', 3, SPRING, {
      requires: ['ENGL220', 'ENGL230'],
      about:
        'Fiction and essays from the Caribbean, Africa and South Asia on nation, language, migration and the afterlife of empire.',
    }),
    course('ENGL350', 'Advanced Fiction Workshop', 3, SPRING, {
      requires: ['ENGL250'],
      about:
        'Longer stories or a novel in progress, with sustained critique, revision and discussion of the contemporary market.',
    }),
    course('ENGL351', 'Advanced Poetry Workshop', 3, FALL, {
      requires: ['ENGL251'],
      about:
        'Preparation of a chapbook-length manuscript, with study of sequence, line and the sources of a personal style.',
    }),
    course('ENGL360', 'History of the English Language', 3, SPRING, {
      requires: ['ENGL260'],
      about:
        'English from its Indo-European origins to its present world varieties: sound change, grammar, vocabulary and spelling.',
    }),
    course('ENGL370', 'Rhetoric and Persuasion', 3, FALL, {
      requires: ['ENGL102'],
      about:
        'Classical and modern theories of argument applied to speeches, advertising, law and digital media.',
    }),
    course('ENGL410', 'Milton', 3, SPRING, {
      requires: ['ENGL201', 'ENGL220'],
      about:
        'Paradise Lost entire, with the shorter poems and selected prose, in the setting of civil war and restoration.',
    }),
    course('ENGL420', 'The Contemporary Novel', 3, SPRING, {
      requires: ['ENGL301'],
      about:
        'Fiction in English of the last thirty years: memory, globalization, climate and the blurring of literary genres.',
    }),
    course('ENGL430', 'Digital Humanities', 3, SPRING, {
      requires: ['ENGL301'],
      about:
        "Text encoding, distant reading, mapping and digital editions, with a collaborative project on the library's collections.",
    }),
    course('ENGL440', 'Editing and Publishing', 3, FALL, {
      requires: ['ENGL240'],
      about:
        "Copyediting, acquisition, design, rights and production, practiced on an issue of the university's literary magazine.",
    }),
    course('ENGL490', 'Senior Seminar in English', 3, FALL_AND_SPRING, {
      requires: ['ENGL301'],
      about:
        'Intensive study of one author, movement or problem, chosen each term, leading to an article-length research essay.',
    }),
    course('ENGL495', 'Honors Thesis in English', 3, FALL_AND_SPRING, {
      requires: ['ENGL301', 'ENGL310'],
      about:
        'A critical thesis or creative manuscript of fifty pages written under individual direction and defended orally.',
    }),
    course('ENGL501', 'Research Methods in Literary Studies', 3, FALL, {
      requires: ['ENGL301'],
      about:
        'Bibliography, archives, textual scholarship, scholarly argument and professional writing for new graduate students.',
    }),
    course('ENGL510', 'Seminar in Early Modern Drama', 3, SPRING, {
      requires: ['ENGL310'],
      about:
        'Marlowe, Jonson, Middleton and Webster beside Shakespeare: stage practice, print, patronage and censorship.',
    }),
    course('ENGL530', 'Seminar in Critical Theory', 3, SPRING, {
      requires: ['ENGL501'],
      about:
        'Close study of one current debate in theory, such as affect, ecology or world literature, with a publishable paper.',
    }),
    course('ENGL540', 'Teaching of Composition', 3, FALL, {
      requires: ['ENGL370'],
      about:
        'Theories of writing instruction, assignment design, response and assessment, with observation of first-year classes.',
    }),
  ],
};
