* Computes the change table anew from the scores in this folder, and compares it with change_printed.csv.
* For SPSS and for PSPP. Open it in this folder, or put the folder before the names of the files.
* Not here: reliable change, arms, and pairs without an interpreter. change.R has those too.
* It writes change_from_spss.csv; the last list has the number of figures that differ for each outcome.
SET DECIMAL=DOT.
SET MXLOOPS=100000.

GET DATA /TYPE=TXT /FILE='change_printed.csv' /ENCODING='UTF8' /DELCASE=LINE /DELIMITERS=',' /QUALIFIER='"'
  /ARRANGEMENT=DELIMITED /FIRSTCASE=2
  /VARIABLES=
@PRINTED_VARIABLES@.
SELECT IF (part='all').
RECODE score @PLACES@ INTO place.
DO REPEAT said=@PRINTED@ /there=@PRINTED_NUMBERS@.
  COMPUTE there=NUMBER(said, F20.0).
  IF (RTRIM(said)='<0.001') there=0.
END REPEAT.
SORT CASES BY place.
SAVE OUTFILE='change_printed.sav' /KEEP=place @PRINTED_NUMBERS@.

GET DATA /TYPE=TXT /FILE='scores.csv' /ENCODING='UTF8' /DELCASE=LINE /DELIMITERS=',' /QUALIFIER='"'
  /ARRANGEMENT=DELIMITED /FIRSTCASE=2
  /VARIABLES=
@SCORES_VARIABLES@.
SELECT IF (@PREFIX@instrument='@INSTRUMENT@' AND ANY(@PREFIX@wave, '@FIRST@', '@LAST@')).
RECODE score @PLACES@ INTO place.
SELECT IF (NOT SYSMIS(place)).
IF (@PREFIX@wave='@FIRST@') one=value.
IF (@PREFIX@wave='@LAST@') other=value.
IF (@PREFIX@wave='@FIRST@') one_all=strict.
IF (@PREFIX@wave='@LAST@') other_all=strict.
AGGREGATE OUTFILE=* /BREAK=place score @PREFIX@subject
  /one=MAX(one) /other=MAX(other) /one_all=MAX(one_all) /other_all=MAX(other_all).

* Pairs, their differences, and the ranks of those that are not zero. Differences are rounded to nine decimals, else
  0.3 - 0.1 and 0.2 would not tie.
DO IF (NOT (SYSMIS(one) OR SYSMIS(other))).
  COMPUTE before=one.
  COMPUTE after=other.
  COMPUTE moved=other-one.
  COMPUTE size=ABS(RND(moved*1000000000)/1000000000).
  IF (size=0) size=$SYSMIS.
END IF.
COMPUTE moved_all=other_all-one_all.
SORT CASES BY place size.
IF ($CASENUM=1 OR place NE LAG(place)) #row=0.
DO IF (NOT SYSMIS(size)).
  COMPUTE #row=#row+1.
  COMPUTE row=#row.
END IF.
AGGREGATE OUTFILE=* MODE=ADDVARIABLES /PRESORTED /BREAK=place size /rank=MEAN(row) /tied=N(row).
DO IF (NOT SYSMIS(size)).
  COMPUTE above=0.
  IF (moved > 0) above=rank.
  COMPUTE ties=tied*tied-1.
END IF.
AGGREGATE OUTFILE=* /BREAK=place score
  /n=N(moved) /before_mean=MEAN(before) /before_sd=SD(before) /after_mean=MEAN(after) /after_sd=SD(after)
  /difference=MEAN(moved) /difference_sd=SD(moved) /wilcoxon_v=SUM(above) /wilcoxon_n=N(size) /ties=SUM(ties)
  /first_n=N(one) /first_sd=SD(one) /strict_n=N(moved_all) /strict_difference=MEAN(moved_all) /strict_sd=SD(moved_all).

* What is left of equal values after computing is no spread.
DO REPEAT spread=before_sd after_sd difference_sd first_sd strict_sd.
  IF (spread <= 0.000000001) spread=0.
END REPEAT.
DO IF (difference_sd > 0).
  COMPUTE df=n-1.
  COMPUTE error=difference_sd/SQRT(n).
  COMPUTE t=difference/error.
  COMPUTE p=2*CDF.T(-ABS(t), df).
  COMPUTE difference_low=difference-IDF.T(0.975, df)*error.
  COMPUTE difference_high=difference+IDF.T(0.975, df)*error.
  COMPUTE average=SQRT((before_sd*before_sd+after_sd*after_sd)/2).
  COMPUTE d_z=t/SQRT(n).
  COMPUTE d_av=difference/average.
END IF.
DO IF (strict_sd > 0).
  COMPUTE strict_low=strict_difference-IDF.T(0.975, strict_n-1)*strict_sd/SQRT(strict_n).
  COMPUTE strict_high=strict_difference+IDF.T(0.975, strict_n-1)*strict_sd/SQRT(strict_n).
END IF.

* The noncentralities that go with t: the chance of a smaller t is 0.975 under the low and 0.025 under the high one.
* That chance is the mean of the normal distribution over what the standard deviation can be, by Simpson's rule.
DO REPEAT chance=0.975 0.025 /limit=t_low t_high.
  DO IF (NOT SYSMIS(t)).
    COMPUTE #low=t-10-ABS(t).
    COMPUTE #high=t+10+ABS(t).
    COMPUTE #from=MAX(0.0000001, 1-12/SQRT(2*df)).
    COMPUTE #step=(1+12/SQRT(2*df)-#from)/400.
    LOOP #turn=1 TO 50.
      COMPUTE #middle=(#low+#high)/2.
      COMPUTE #sum=0.
      LOOP #i=0 TO 400.
        COMPUTE #s=#from+#i*#step.
        COMPUTE #density=LN(2)+df/2*LN(df/2)-LNGAMMA(df/2)+(df-1)*LN(#s)-df*#s*#s/2.
        COMPUTE #weight=2+2*MOD(#i, 2).
        IF (#i=0 OR #i=400) #weight=1.
        IF (#density > -500) #sum=#sum+#weight*EXP(#density)*CDFNORM(t*#s-#middle).
      END LOOP.
      DO IF (#sum*#step/3 > chance).
        COMPUTE #low=#middle.
      ELSE.
        COMPUTE #high=#middle.
      END IF.
    END LOOP.
    COMPUTE limit=(#low+#high)/2.
  END IF.
END REPEAT.
COMPUTE d_z_low=t_low/SQRT(n).
COMPUTE d_z_high=t_high/SQRT(n).
COMPUTE d_av_low=t_low*error/average.
COMPUTE d_av_high=t_high*error/average.

* Wilcoxon: counted where there are fewer than 50 differences without ties or zeros, else by the normal distribution with
  corrections for ties and continuity.
VECTOR #ways(1276).
DO IF (wilcoxon_n > 0).
  COMPUTE rank_biserial=2*wilcoxon_v/(wilcoxon_n*(wilcoxon_n+1)/2)-1.
  DO IF (wilcoxon_n < 50 AND ties=0 AND wilcoxon_n=n).
    LOOP #i=1 TO 1276.
      COMPUTE #ways(#i)=0.
    END LOOP.
    COMPUTE #ways(1)=1.
    COMPUTE #most=wilcoxon_n*(wilcoxon_n+1)/2.
    LOOP #rank=1 TO wilcoxon_n.
      LOOP #back=0 TO #most-#rank.
        COMPUTE #i=#most-#back+1.
        COMPUTE #ways(#i)=#ways(#i)+#ways(#i-#rank).
      END LOOP.
    END LOOP.
    COMPUTE #below=0.
    COMPUTE #reach=MIN(wilcoxon_v, #most-wilcoxon_v).
    LOOP #i=0 TO #reach.
      COMPUTE #below=#below+#ways(#i+1).
    END LOOP.
    COMPUTE wilcoxon_p=MIN(1, 2*#below/2**wilcoxon_n).
  ELSE.
    COMPUTE #apart=wilcoxon_v-wilcoxon_n*(wilcoxon_n+1)/4.
    IF (#apart > 0) #apart=#apart-0.5.
    IF (#apart < 0) #apart=#apart+0.5.
    COMPUTE wilcoxon_p=MIN(1, 2*CDFNORM(-ABS(#apart)/SQRT(wilcoxon_n*(wilcoxon_n+1)*(2*wilcoxon_n+1)/24-ties/48))).
  END IF.
ELSE.
  COMPUTE wilcoxon_v=$SYSMIS.
END IF.

* Holm, over all outcomes that have a p.
COMPUTE everything=1.
AGGREGATE OUTFILE=* MODE=ADDVARIABLES /PRESORTED /BREAK=everything /family=N(p) /family_ranks=N(wilcoxon_p).
SORT CASES BY p.
DO IF (NOT SYSMIS(p)).
  COMPUTE #so_many=#so_many+1.
  COMPUTE #so_far=MAX(#so_far, MIN(1, (family-#so_many+1)*p)).
  COMPUTE p_holm=#so_far.
END IF.
SORT CASES BY wilcoxon_p.
DO IF (NOT SYSMIS(wilcoxon_p)).
  COMPUTE #so_many_ranks=#so_many_ranks+1.
  COMPUTE #so_far_ranks=MAX(#so_far_ranks, MIN(1, (family_ranks-#so_many_ranks+1)*wilcoxon_p)).
  COMPUTE wilcoxon_p_holm=#so_far_ranks.
END IF.

* As printed: what lies half-way goes to the even digit.
DO REPEAT figure=@TWO@.
  COMPUTE #whole=TRUNC(ABS(figure)*100).
  COMPUTE #rest=ABS(figure)*100-#whole.
  IF (#rest > 0.5000001 OR (ABS(#rest-0.5) <= 0.0000001 AND MOD(#whole, 2)=1)) #whole=#whole+1.
  IF (figure < 0) #whole=-#whole.
  COMPUTE figure=#whole/100.
END REPEAT.
DO REPEAT figure=p p_holm wilcoxon_p wilcoxon_p_holm.
  IF (figure < 0.001) figure=0.
  COMPUTE figure=RND(figure*1000)/1000.
END REPEAT.

SORT CASES BY place.
MATCH FILES /FILE=* /FILE='change_printed.sav' /BY place.
COMPUTE differ=0.
DO REPEAT figure=@SPSS_FIGURES@ /there=@PRINTED_NUMBERS@.
  IF (SYSMIS(figure) NE SYSMIS(there)) differ=differ+1.
  IF (ABS(figure-there) > 0.0000001) differ=differ+1.
END REPEAT.
FORMATS @SPSS_FIGURES@ (F10.3) differ (F4.0).
SAVE TRANSLATE /OUTFILE='change_from_spss.csv' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /REPLACE
  /KEEP=score @SPSS_FIGURES@ differ.
LIST VARIABLES=score n difference difference_low difference_high p p_holm differ.
