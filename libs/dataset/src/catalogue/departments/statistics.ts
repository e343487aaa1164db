// The Statistics department, home of the data science degree and of the statistics every science major takes.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING } from '../builders.js';

export const statistics: CatalogueDepartment = {
  name: 'Statistics',
  courses: [
    course('STAT101', 'Introductory Statistics', 3, EVERY_TERM, {
      about:
        'Describing data, sampling, confidence intervals, hypothesis tests, correlation and simple regression, with software in place of formulas.',
    }),
    course('STAT110', 'Statistics in the News', 3, FALL_AND_SPRING, {
      about:
        'Reading polls, medical claims and economic indicators critically: bias, chance, causation and misleading graphics in current reporting.',
    }),
    course('STAT201', 'Statistical Methods', 4, FALL_AND_SPRING, {
      requires: ['STAT101'],
      about:
        'Comparison of several groups, analysis of variance, multiple regression, contingency tables and diagnostics, with a weekly computing laboratory.',
    }),
    course('STAT210', 'Statistics for Engineers and Scientists', 3, EVERY_TERM, {
      requires: ['MATH142'],
      about:
        'Probability models, estimation, testing, regression, process control and reliability, with data from engineering and the physical sciences.',
    }),
    course('STAT220', 'Biostatistics', 3, FALL_AND_SPRING, {
      requires: ['STAT101'],
      about:
        'Study design, rates, odds ratios, paired comparisons, analysis of variance and survival curves for students of biology and health.',
    }),
    course('STAT240', 'Statistical Computing with R', 3, FALL_AND_SPRING, {
      requires: ['STAT101'],
      about:
        'Data structures, graphics, functions, simulation and reproducible reports in R, applied to data sets of realistic disorder.',
    }),
    course('STAT301', 'Probability', 4, FALL_AND_SPRING, {
      requires: ['MATH142'],
      about:
        'Sample spaces, conditional probability, discrete and continuous random variables, expectation, limit theorems and generating functions.',
    }),
    course('STAT302', 'Mathematical Statistics', 4, FALL_AND_SPRING, {
      requires: ['MATH241', 'STAT301'],
      about:
        'Sampling distributions, sufficiency, maximum likelihood, interval estimation, likelihood-ratio tests and large-sample theory.',
    }),
    course('STAT310', 'Applied Regression Analysis', 3, FALL_AND_SPRING, {
      requires: ['MATH240', 'STAT201'],
      about:
        'Least squares in matrix form, model building, diagnostics, transformations, variable selection and logistic regression.',
    }),
    course('STAT320', 'Design of Experiments', 3, FALL, {
      requires: ['STAT201'],
      about:
        'Randomization, blocking, factorial and fractional designs, split plots and response surfaces, planned and analyzed on real experiments.',
    }),
    course('STAT330', 'Survey Sampling', 3, SPRING, {
      requires: ['STAT201'],
      about:
        'Simple, stratified, cluster and systematic sampling, ratio estimation, nonresponse and the organization of a complete survey.',
    }),
    course('STAT340', 'Nonparametric Statistics', 3, SPRING, {
      requires: ['STAT201'],
      about:
        'Rank tests, permutation methods, the bootstrap, density estimation and smoothing when the usual assumptions cannot be trusted.',
    }),
    course('STAT350', 'Statistical Graphics and Visualization', 3, FALL, {
      requires: ['STAT240'],
      about:
        'Perception, grammar of graphics, multivariate and interactive displays, maps, and the critique and redesign of published figures.',
    }),
    course('STAT360', 'Data Wrangling and Databases', 3, SPRING, {
      requires: ['CS101', 'STAT240'],
      about:
        'Acquiring data from files, web services and SQL databases; reshaping, joining, validating and documenting them for analysis.',
    }),
    course('STAT401', 'Stochastic Processes', 3, FALL, {
      requires: ['MATH240', 'STAT301'],
      about:
        'Markov chains, Poisson processes, birth-and-death models, queues and Brownian motion, with simulation of each model.',
    }),
    course('STAT410', 'Time Series Analysis', 3, SPRING, {
      requires: ['STAT301', 'STAT310'],
      about:
        'Trend and seasonality, autocorrelation, ARIMA models, spectral ideas and forecasting of economic and environmental series.',
    }),
    course('STAT420', 'Multivariate Analysis', 3, FALL, {
      requires: ['STAT310'],
      about:
        'Multivariate normal theory, principal components, factor analysis, discriminant analysis and clustering of high-dimensional observations.',
    }),
    course('STAT430', 'Bayesian Statistics', 3, SPRING, {
      requires: ['STAT302'],
      about:
        'Priors, posteriors, conjugate families, hierarchical models and Markov chain Monte Carlo, with case studies from medicine and sport.',
    }),
    course('STAT440', 'Statistical Learning', 3, FALL_AND_SPRING, {
      requires: ['STAT240', 'STAT310'],
      about:
        "Cross-validation, regularized regression, trees, boosting, support vectors and unsupervised methods from a statistician's viewpoint.",
    }),
    course('STAT450', 'Actuarial Models', 3, FALL, {
      requires: ['STAT302'],
      about:
        'Survival models, life tables, annuities, loss distributions and credibility, following the syllabus of the first professional examinations.',
    }),
    course('STAT490', 'Statistical Consulting Capstone', 3, FALL_AND_SPRING, {
      requires: ['STAT302', 'STAT310'],
      about:
        'Teams advise a campus or community client, from framing the question through analysis to a written report and a presentation.',
    }),
    course('STAT495', 'Undergraduate Research in Statistics', 3, EVERY_TERM, {
      requires: ['STAT302'],
      about:
        'Individual methodological or applied research under faculty direction, ending in a paper in the format of a statistical journal.',
    }),
    course('STAT501', 'Probability Theory', 3, FALL, {
      requires: ['MATH301', 'STAT301'],
      about:
        'Probability spaces, modes of convergence, characteristic functions, laws of large numbers, the central limit theorem and conditioning.',
    }),
    course('STAT502', 'Theory of Statistical Inference', 3, SPRING, {
      requires: ['STAT302', 'STAT501'],
      about:
        'Decision theory, exponential families, optimal estimation and testing, invariance and asymptotic efficiency.',
    }),
    course('STAT510', 'Linear Models', 3, FALL, {
      requires: ['STAT302', 'STAT310'],
      about:
        'Geometry of least squares, estimability, the Gauss-Markov theorem, mixed models and inference for designed and observational data.',
    }),
    course('STAT511', 'Generalized Linear Models', 3, SPRING, {
      requires: ['STAT510'],
      about:
        'Logistic, Poisson and multinomial regression, quasi-likelihood, overdispersion and generalized estimating equations.',
    }),
    course('STAT530', 'Bayesian Data Analysis', 3, FALL, {
      requires: ['STAT302'],
      about:
        'Hierarchical modeling, posterior computation, model checking and comparison, with applied projects in a probabilistic language.',
    }),
    course('STAT540', 'Statistical Machine Learning', 3, SPRING, {
      requires: ['STAT510'],
      about:
        'Risk bounds, sparsity, kernels, additive models, ensembles and graphical models, joining statistical theory to predictive practice.',
    }),
    course('STAT545', 'Computational Statistics', 3, FALL, {
      requires: ['STAT240', 'STAT302'],
      about:
        'Optimization, the EM algorithm, Monte Carlo, the bootstrap and numerical linear algebra as the working tools of modern inference.',
    }),
    course('STAT550', 'Forecasting and State-Space Models', 3, SPRING, {
      requires: ['STAT410'],
      about:
        'Kalman filtering, dynamic linear models, volatility, multivariate series and the evaluation of probabilistic forecasts.',
    }),
    course('STAT560', 'Survival Analysis', 3, FALL, {
      requires: ['STAT511'],
      about:
        'Censoring, Kaplan-Meier estimation, proportional hazards, competing risks and frailty models for time-to-event data.',
    }),
    course('STAT570', 'Causal Inference', 3, SPRING, {
      requires: ['STAT510'],
      about:
        'Potential outcomes, propensity scores, instrumental variables, mediation and sensitivity analysis for observational studies.',
    }),
    course('STAT590', 'Data Ethics and Statistical Practice', 3, FALL_AND_SPRING, {
      requires: ['STAT310'],
      about:
        'Privacy, consent, fairness, reproducibility and communication with clients, through case studies and a supervised consulting rotation.',
    }),
    course('STAT640', 'High-Dimensional Statistics', 3, FALL, {
      requires: ['STAT540'],
      about:
        'Sub-Gaussian concentration, the lasso, matrix estimation, multiple testing and minimax lower bounds for modern data.',
    }),
    course('STAT690', 'Data Science Project', 3, EVERY_TERM, {
      requires: ['STAT540'],
      about:
        'An end-to-end analysis for a partner organization: data acquisition, modeling, deployment and a report for a lay audience.',
    }),
    course('STAT698', "Master's Thesis in Statistics I", 3, FALL_AND_SPRING, {
      requires: ['STAT510'],
      about:
        'Proposal, literature review and first results of a methodological or applied thesis agreed with a graduate adviser.',
    }),
    course('STAT699', "Master's Thesis in Statistics II", 3, EVERY_TERM, {
      requires: ['STAT698'],
      about:
        'Completion and oral defense of the thesis, with code and data deposited so that every result can be reproduced.',
    }),
  ],
};
